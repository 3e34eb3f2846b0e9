"""The catalogs hold every text, keep the placeholders, and are compiled as they are written."""

from __future__ import annotations

import gettext
import importlib.util
import re
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from engine.errors import text
from engine.paths import RESOURCES
from gui import i18n

FOLDER = RESOURCES / "i18n"
LANGUAGES = ("zh_CN", "zh_TW")


def load_update() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update", FOLDER / "update.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    collected: dict[str, str] = load_update().collect()
    return collected


def catalog(language: str) -> Catalog:
    with (FOLDER / language / "LC_MESSAGES" / "netloom.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_the_catalog_and_the_windows_own_are_translated(
    language: str, texts: dict[str, str]
) -> None:
    messages = catalog(language)
    assert [text for text in texts if messages.get(text) is None] == []
    # Texts without a translation are shown in English; the window's own must have one.
    own = [text for text, place in texts.items() if place.startswith(("gui/", "templates/"))]
    lacking = [text for text in own if not messages.get(text).string]
    assert lacking == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_placeholders(language: str) -> None:
    for message in catalog(language):
        if message.id and message.string:
            assert names(message.string) == names(message.id), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogs_are_up_to_date(language: str) -> None:
    compiled = gettext.translation("netloom", FOLDER, [language])
    for message in catalog(language):
        if message.id:
            assert compiled.gettext(message.id) == (message.string or message.id)


def names(sentence: str) -> list[str]:
    return sorted(re.findall(r"\{(\w*)\}", sentence))


def test_sentences_of_the_engine_are_translated_with_the_labels_in_them() -> None:
    try:
        assert i18n.set_language("zh_CN") == "zh_CN"
        sentence = i18n.tr_text(text("{label} needs a value.", label="Units"))
        assert sentence == "单元数需要一个值。"
    finally:
        i18n.set_language("en")


def test_names_of_people_are_not_translated() -> None:
    try:
        i18n.set_language("zh_CN")
        assert i18n.tr("Scale") != "Scale"
        message = text("The file does not tell the shape of “{layer}”: set it here.", layer="Scale")
        assert "“Scale”" in i18n.tr_text(message)
        opened = text(
            "“{layer}” is a {kind}, which this version does not know: it is kept as it is, but"
            " cannot be trained.",
            layer="Scale",
            kind=text("{name}", name="Scale"),
        )
        assert i18n.tr_text(opened).count("Scale") == 2
    finally:
        i18n.set_language("en")
