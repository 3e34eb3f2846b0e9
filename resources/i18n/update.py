"""Collects the texts for people and brings the catalogs of all languages up to date.

`python resources/i18n/update.py` keeps translations, adds new texts untranslated, drops unused
ones, and writes the compiled catalogs that the window reads.
"""

from __future__ import annotations

import ast
import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
LANGUAGES = ("zh_CN", "zh_TW")
DOMAIN = "netloom"
DATE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

# Calls whose first argument is a text for people.
FUNCTIONS = {"tr", "text", "Text"}
ERRORS = {
    "NetloomError",
    "EditRefused",
    "FileProblem",
    "WeightsAlone",
    "DataProblem",
    "CompileProblem",
    "ExportProblem",
    "FormulaProblem",
    "ArgumentsProblem",
}


def collect() -> dict[str, str]:
    """Return every text with the place of its first use."""
    found: dict[str, str] = {}
    for folder in ("engine", "gui"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            for message in literals(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(message, place)
    for message, place in declared():
        found.setdefault(message, place)
    found.pop("", None)
    return found


def literals(tree: ast.AST) -> Iterator[str]:
    """Yield the literal texts of calls that take one, conditional expressions included."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name in FUNCTIONS or name in ERRORS:
            yield from strings(node.args[0])


def strings(node: ast.expr) -> Iterator[str]:
    """Yield the strings that an expression can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)


def declared() -> Iterator[tuple[str, str]]:
    """Yield titles, helps, labels and units of all declarations."""
    from engine.blocks import BLOCKS
    from engine.datasets import DATASETS
    from engine.formats.exporting import texts as export_texts
    from engine.layers import CATEGORIES, LAYERS
    from engine.layers.objects import CONSTRAINTS, INITIALIZERS, REGULARIZERS
    from engine.probes import PROBES
    from engine.training import LOSSES, METRICS, OPTIMIZERS, RecipeSpec

    yield from ((category.capitalize(), "engine/layers") for category in CATEGORIES)
    for path in sorted((ROOT / "templates").glob("*.netloom")):
        content = json.loads(path.read_text(encoding="utf-8"))
        yield content["title"], f"templates/{path.name}"
        yield content["notes"], f"templates/{path.name}"
    yield from ((words, "engine/formats/exporting.py") for words in export_texts())
    registries = (LAYERS, BLOCKS, DATASETS, OPTIMIZERS, LOSSES, METRICS, PROBES, (RecipeSpec,))
    registries += (INITIALIZERS, REGULARIZERS, CONSTRAINTS)
    for spec in (spec for registry in registries for spec in registry):
        place = spec.__module__.replace(".", "/") + ".py"
        yield spec.title, place
        yield spec.help(), place
        for field in spec.fields.values():
            for message in (field.label, field.help, field.unit):
                yield message, place


def update(language: str, texts: dict[str, str]) -> list[str]:
    """Write a language's catalogs; returns the texts that it lacks."""
    path = FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    old = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=language)
    # Fixed dates: the compiled catalog changes only when a text does.
    new = Catalog(locale=language, fuzzy=False, creation_date=DATE, revision_date=DATE)
    for message, place in sorted(texts.items(), key=lambda item: (item[1], item[0])):
        known = old.get(message)
        new.add(message, known.string if known else "", locations=[(place, 0)])
    with path.open("wb") as file:
        write_po(file, new, omit_header=True, include_lineno=False, width=100)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, new)
    return [message.id for message in new if message.id and not message.string]


def main() -> int:
    """Update all languages and tell what they lack."""
    sys.path.insert(0, str(ROOT))
    texts = collect()
    for language in LANGUAGES:
        lacking = update(language, texts)
        print(f"{language}: {len(texts)} texts, {len(lacking)} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
