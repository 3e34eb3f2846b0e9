"""What is trusted, by its content alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import trust as store
from engine.errors import FileProblem
from engine.foreign.code import shown
from main import main


def test_a_content_is_trusted_until_it_is_withdrawn() -> None:
    assert not store.is_trusted(b"x = 1")
    store.trust(b"x = 1", "/a/x.py")
    assert store.is_trusted(b"x = 1") and not store.is_trusted(b"x = 2")
    assert store.was_trusted("/a/x.py") and not store.was_trusted("/b/x.py")
    (entry,) = store.all_trusted()
    assert (entry.kind, entry.name, entry.date) == ("layer", "/a/x.py", date.today().isoformat())
    assert store.withdraw(b"x = 1") and not store.withdraw(b"x = 1")
    assert not store.is_trusted(b"x = 1") and store.all_trusted() == []


def test_trusting_twice_is_trusting_once() -> None:
    store.trust(b"a", "a")
    store.trust(b"b", "b", "lambda")
    store.trust(b"a", "again")
    assert [entry.name for entry in store.all_trusted()] == ["b", "again"]


@pytest.mark.parametrize("damage", [b"{", b'[{"sum": 3}]', b"\xff\xfe", b'{"sum": "x"}'])
def test_a_damaged_store_trusts_nothing_and_is_put_aside(damage: bytes) -> None:
    store.trust(b"a", "a")
    store.trust_file().write_bytes(damage)
    assert not store.is_trusted(b"a")
    assert store.trust_file().with_suffix(".bad").read_bytes() == damage
    store.trust(b"a", "a")
    assert store.is_trusted(b"a")


def test_a_store_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    with pytest.raises(FileProblem, match="config"):
        store.trust(b"a", "a")
    assert not store.is_trusted(b"a")


@given(st.text())
def test_nothing_hides_in_what_is_shown(source: str) -> None:
    words = shown(source)
    assert not set(words) & set("\x00\x1b\r\u200b\u202e\u2066\ufeff\u2028\u3164")


def test_signs_that_turn_the_order_of_writing_are_written_out() -> None:
    assert shown("a\u202e = 1\r\n\x1b[2K\tb") == "a\\u202e = 1\n\\x1b[2K\tb"


# --- the command ---------------------------------------------------------------------------


def test_the_command_shows_the_source_and_asks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.py"
    path.write_text("x = 1  # \x1b[31m", encoding="utf-8")
    monkeypatch.setattr("builtins.input", lambda _: "n")
    assert main(["trust", str(path)]) == 1
    assert "x = 1  # \\x1b[31m" in capsys.readouterr().out
    assert not store.is_trusted(path.read_bytes())
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert main(["trust", str(path)]) == 0
    assert store.is_trusted(path.read_bytes())
    assert json.loads(store.trust_file().read_bytes())[0]["name"] == str(path)
    assert main(["trust", str(path), "--withdraw"]) == 0
    assert not store.is_trusted(path.read_bytes())
    assert main(["trust", str(path), "--withdraw"]) == 1
    assert main(["trust", str(path), "--yes"]) == 0
    assert store.is_trusted(path.read_bytes())


def test_the_command_without_an_answer_trusts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.py"
    path.write_text("x = 1", encoding="utf-8")

    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("builtins.input", nobody)
    assert main(["trust", str(path)]) == 1
    assert main(["trust", str(tmp_path / "none.py")]) == 2
    assert "none.py" in capsys.readouterr().err
    assert store.all_trusted() == []


def test_bytecode_and_python_files_do_not_stand_for_each_other() -> None:
    store.trust(b"a", "m", "lambda")
    assert store.is_trusted(b"a", "lambda") and not store.is_trusted(b"a", "script")
    assert not store.is_trusted(b"a")
    store.trust(b"a", "a.py")
    assert store.is_trusted(b"a", "lambda") and store.is_trusted(b"a", "script")
    assert store.withdraw(b"a") and not store.is_trusted(b"a", "lambda")
    # A file is shown whole whatever it is for; `netloom trust` does not know.
    store.trust(b"b", "b.py", "script")
    assert store.is_trusted(b"b", "layer")
