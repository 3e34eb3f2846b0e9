# Netloom: `make` lists the targets. Set-up happens once, and again when a lock file changes.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PY := .venv/bin/python
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	$$p -c '$(SUPPORTED)' 2>/dev/null && echo $$p && break; done)
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes
# Hides TensorFlow's notices, not its errors.
QUIET := TF_CPP_MIN_LOG_LEVEL=2
# Real windows of the tests open on a virtual screen where there is one; all else is offscreen.
SCREEN := bash -c 'command -v xvfb-run >/dev/null && exec xvfb-run -a -s "-screen 0 1920x1080x24" "$$@"; exec "$$@"' --
PYTEST := $(QUIET) QT_QPA_PLATFORM=offscreen $(SCREEN) $(PY) -m pytest $(PYTEST_ARGS)
STEP = printf '\n== %s\n'
UV := uv==0.13.8
PEER := NodeGraphQt>=0.6.44\nQt.py>=2
LOCK := .venv-tools/bin/uv pip compile --quiet --no-config --upgrade --universal \
	--python-version 3.11 --fork-strategy fewest --generate-hashes --annotation-style line \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml

.PHONY: help run test lint bench screenshots walk layers applications i18n lock soak fuzz clean

help: ## list the targets
	@sed -n 's/^\([a-z0-9]*\):[^#]*## \(.*\)/  make \1 \2/p' Makefile | \
		while read -r make name text; do printf '  %s %-12s %s\n' "$$make" "$$name" "$$text"; done

run: .venv/.run ## start Netloom (without a display: make the demo in out/)
	@if [ "$$(uname -s)" = Linux ] && [ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ]; then \
		.ci/system-libraries offscreen && \
		echo "No display here: making the demo in out/ without a window." && \
		$(QUIET) QT_QPA_PLATFORM=offscreen $(PY) main.py demo --out out; \
	else \
		.ci/system-libraries window && \
		$(QUIET) $(PY) main.py; \
	fi

test: lint ## check style, types and imports, then run the tests (PYTEST_ARGS=...)
	@$(STEP) pytest
	@.ci/system-libraries test
	@$(PYTEST)

lint: .venv/.dev ## check style, types and imports only
	@$(STEP) "ruff check"
	@$(PY) -m ruff check .
	@$(STEP) "ruff format --check"
	@$(PY) -m ruff format --check .
	@$(STEP) mypy
	@$(PY) -m mypy
	@$(STEP) lint-imports
	@.venv/bin/lint-imports

soak: .venv/.dev ## run the long tests, and the usual ones with random cases
	@.ci/system-libraries test
	@$(PYTEST) -m soak --timeout=7200
	@$(PYTEST) --hypothesis-profile=searching

fuzz: .venv/.dev ## open many spoiled files of each format (NETLOOM_FUZZ_COUNT, NETLOOM_FUZZ_SEED)
	@.ci/system-libraries test
	@$(PYTEST) -m fuzz --timeout=3600

bench: .venv/.dev .venv-tools/peer ## measure, and compare with the bars
	@.ci/system-libraries test
	@$(QUIET) $(PY) -m benchmarks

screenshots: .venv/.dev ## make the pictures of the documentation again
	@.ci/system-libraries test
	@$(QUIET) QT_QPA_PLATFORM=offscreen $(PY) -m docs.screenshots

walk: .venv/.dev ## make the pictures of a walk over the canvas, light and dark
	@.ci/system-libraries test
	@$(QUIET) $(PY) -m docs.walk

layers: .venv/.dev ## write the table of all layers, docs/layers.md
	@$(PY) -m docs.layer_table

applications: .venv/.dev ## write the architectures of keras.applications as data
	@$(QUIET) $(PY) -m resources.applications.make

i18n: .venv/.dev ## collect the texts, update the translations, compile them
	@$(PY) resources/i18n/update.py

lock: ## resolve the newest versions that pyproject.toml allows
	@test -n "$(PYTHON)" || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@test -x .venv-tools/bin/uv || $(PYTHON) -m venv .venv-tools
	@.venv-tools/bin/pip install --quiet --disable-pip-version-check $(UV)
	@$(LOCK) --output-file requirements.lock
	@$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock
	@printf '$(PEER)\n' | $(subst pyproject.toml,-,$(LOCK)) --no-deps --output-file requirements-bench.lock

# Kept apart: the type stubs that Qt.py asks for would hide those of PySide6.
.venv-tools/peer: requirements-bench.lock | $(PY)
	@echo "Installing requirements-bench.lock"
	@$(PIP_INSTALL) --no-deps --upgrade --target $@ -r $<
	@touch $@

clean: ## remove what was made (not .venv)
	@rm -rf out build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +

NO_PYTHON := Netloom needs Python 3.11, 3.12 or 3.13; none is on the PATH (or name one: make PYTHON=/path/to/python3.11).

$(PY):
	@test -n "$(PYTHON)" || { echo "$(NO_PYTHON)" >&2; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@$(PYTHON) -m venv --clear .venv || { rm -rf .venv; \
		echo "Could not make .venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

.venv/.run: requirements.lock | $(PY)
	@echo "Installing requirements.lock (about 700 MB once)"
	@$(PIP_INSTALL) -r $<
	@touch $@

# The development lock holds every version of the other one.
.venv/.dev: requirements-dev.lock | $(PY)
	@echo "Installing requirements-dev.lock"
	@$(PIP_INSTALL) -r $<
	@touch $@ .venv/.run
