"""Translation of the English source texts, by gettext catalogs in `resources/i18n`."""

from __future__ import annotations

import gettext
import locale
from typing import Any

from engine.errors import Text
from engine.paths import RESOURCES

LANGUAGES = {"en": "English", "zh_CN": "简体中文", "zh_TW": "繁體中文"}
_catalog: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def set_language(language: str) -> str:
    """Choose the language of all texts made from now on.

    Args:
        language: A key of `LANGUAGES`, or "" for the system's.

    Returns:
        The language chosen.
    """
    global _catalog, _language  # noqa: PLW0603 - a process speaks one language
    chosen = _language = language if language in LANGUAGES else system_language()
    _catalog = gettext.translation("netloom", RESOURCES / "i18n", [chosen], fallback=True)
    return chosen


def language() -> str:
    """Return the key in `LANGUAGES` of the language spoken."""
    return _language


def system_language() -> str:
    """Return the key in `LANGUAGES` that suits the system's settings."""
    name = (locale.getlocale()[0] or "en").replace("-", "_")
    if name.startswith(("zh", "Chinese")):
        traditional = ("TW", "HK", "MO", "Hant", "Traditional", "Taiwan")
        return "zh_TW" if any(word in name for word in traditional) else "zh_CN"
    return "en"


def tr(template: str, **values: Any) -> str:
    """Translate a whole sentence and fill in its named placeholders."""
    translated = _catalog.gettext(template) if template else ""
    return translated.format(**values) if values else translated


def tr_text(text: Text) -> str:
    """Translate a sentence that comes from the engine, with the names declared there."""
    translated = _catalog.gettext(text.template) if text.template else ""
    declared = {key for key in _DECLARED if key not in _OFTEN_NAMES or _bare(key, text.template)}
    values = {key: _value(value, key in declared) for key, value in text.values.items()}
    return translated.format(**values)


def _bare(key: str, template: str) -> bool:
    return f"“{{{key}}}”" not in template


# Placeholders that stand for a declared title or label; others hold the user's own names, as do
# some of these in quotation marks.
_DECLARED = {"label", "layer", "title", "loss", "metric", "kind", "wanted", "what"}
_OFTEN_NAMES = {"layer", "kind"}


def _value(value: str | int | float | Text, declared: bool) -> str | int | float:
    if isinstance(value, Text):
        return tr_text(value)
    return _catalog.gettext(value) if declared and isinstance(value, str) else value
