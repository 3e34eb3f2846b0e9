"""An edited script changes only what it says: ids, places and all that no script tells stay."""

from __future__ import annotations

from typing import Any

import pytest
from helpers.networks import network, template
from helpers.random_networks import documents
from hypothesis import given

from engine.formats.project import read_project, to_json
from engine.formats.python_reading.merging import Merged, merge, opaque_layers, written
from engine.formats.python_reading.reading import read_python
from engine.graph.document import Document, NodeChange
from engine.graph.history import History
from engine.paths import TEMPLATES

ALL_TEMPLATES = sorted(TEMPLATES.glob("*.netloom"))


def edited(document: Document, *replacements: tuple[str, str]) -> Merged:
    """Let a document follow its script with some words replaced."""
    base = written(document)
    script = base.script
    for before, after in replacements:
        assert before in script
        script = script.replace(before, after, 1)
    reading = read_python(script, opaque_layers(document))
    assert reading.error is None, reading.error
    return merge(document, base, script, reading)


@pytest.mark.parametrize("path", ALL_TEMPLATES, ids=lambda path: path.stem)
def test_an_unchanged_script_of_a_template_changes_nothing(path: Any) -> None:
    document = read_project(path)
    assert all(written(document).ids)
    assert edited(document).edit.changes == ()


@given(documents())
def test_an_unchanged_script_of_any_network_changes_nothing(document: Document) -> None:
    base = written(document)
    assert len(base.ids) == len(base.reading.calls)
    assert all(base.ids)
    reading = read_python(base.script, opaque_layers(document))
    assert merge(document, base, base.script, reading).edit.changes == ()


@given(documents())
def test_a_script_says_what_its_drawing_shows(document: Document) -> None:
    base = written(document)
    nodes = document.network.nodes
    for place, call in enumerate(base.reading.calls):
        node = nodes[base.ids[place]]
        assert call.layer.kind == node.layer
        sources = [edge.source for edge in document.network.inputs(node.id)]
        assert [base.ids[source] for source in call.sources] == sources
