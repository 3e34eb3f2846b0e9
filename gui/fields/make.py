"""Which editor a field gets."""

from __future__ import annotations

from typing import Any

from engine.fields import (
    Bool,
    Choice,
    Choices,
    Field,
    Float,
    Floats,
    Int,
    IntTuple,
    LayerRef,
    LayerRefs,
    Pairs,
    Path,
    Shape,
    String,
    Strings,
    Suggested,
)
from engine.layers.objects import ObjectRef
from gui.fields import choice_editors as choice
from gui.fields import list_editors as lists
from gui.fields import text_editors as typed
from gui.fields.editor import FieldEditor
from gui.fields.suggest_editor import SuggestEditor
from gui.theme import Theme


def make_editor(field: Field, value: Any, theme: Theme) -> FieldEditor:
    """Make the editor of a field, showing a value.

    Raises:
        TypeError: There is no editor for this type of field.
    """
    editor = _make(field, theme)
    editor.set_value(value)
    return editor


def _make(field: Field, theme: Theme) -> FieldEditor:
    if isinstance(field, LayerRef):
        return choice.LayerEditor(field, theme)
    if isinstance(field, LayerRefs):
        return lists.LayersEditor(field, theme)
    if isinstance(field, ObjectRef):
        return choice.ObjectEditor(field, theme)
    # Subclasses before the classes they refine.
    makers: tuple[tuple[type[Field], Any], ...] = (
        (Choices, choice.ChoicesEditor),
        (Choice, choice.ChoiceEditor),
        (Bool, choice.BoolEditor),
        (IntTuple, typed.axes_editor),
        (Int, typed.int_editor),
        (Float, typed.float_editor),
        (Floats, lists.floats_editor),
        (Strings, lists.WordsEditor),
        (Path, typed.PathEditor),
        (Suggested, SuggestEditor),
        (String, typed.string_editor),
        (Pairs, typed.pairs_editor),
        (Shape, typed.shape_editor),
    )
    for kind, make in makers:
        if isinstance(field, kind):
            editor: FieldEditor = make(field)
            return editor
    raise TypeError(f"no editor for {type(field).__name__}")
