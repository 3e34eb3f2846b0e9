"""Find layers and activations, and put others in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QGridLayout, QPushButton

from engine.graph.replacing import Sort, find, replace_all, replacements, sorts_in
from engine.layers import LAYERS
from gui.canvas.bar import Bar
from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.canvas.view import CanvasView

WIDTH = 190


class FindBar(Bar):
    """Lies at the upper edge of the canvas: what is sought is selected, and can be replaced."""

    def __init__(self, theme: Theme, view: CanvasView) -> None:
        super().__init__(theme, view)
        self._what = _box(tr("Find"))
        self._new = _box(tr("Replace with"))
        self._what.activated.connect(self._sought)
        self._next = QPushButton(tr("Next"))
        self._next.clicked.connect(self._go_on)
        self._one = QPushButton(tr("Replace"))
        self._one.clicked.connect(self._replace_one)
        self._all = QPushButton(tr("Replace all"))
        self._all.clicked.connect(self._replace_all)
        grid = QGridLayout(self)
        grid.setContentsMargins(theme.m, theme.s, theme.s, theme.s)
        grid.setSpacing(theme.s)
        grid.addWidget(Label(tr("Find")), 0, 0)
        grid.addWidget(self._what, 0, 1)
        grid.addWidget(self._next, 0, 2)
        grid.addWidget(self._close, 0, 4)
        grid.addWidget(Label(tr("Replace with")), 1, 0)
        grid.addWidget(self._new, 1, 1)
        grid.addWidget(self._one, 1, 2)
        grid.addWidget(self._all, 1, 3, 1, 2)
        view.session.edited.connect(self._edited)
        self._place = -1

    def open(self) -> None:
        """Show the bar, seeking what is selected if that is of one kind."""
        network = self._view.session.document.network
        kinds = {network.nodes[node].layer for node in self._view.session.selection}
        self._fill()
        if len(kinds) == 1:
            self._what.setCurrentIndex(max(0, _place_of(self._what, Sort("layer", kinds.pop()))))
        self.show_bar()
        self._what.setFocus()
        self._sought()

    def _fill(self) -> None:
        kept = self._what.currentData()
        self._what.clear()
        for sort, count in sorts_in(self._view.session.document.network).items():
            self._what.addItem(f"{words(sort)}  ({count})", sort)
        place = _place_of(self._what, kept)
        first = next((i for i in range(self._what.count()) if self._replaceable(i)), 0)
        self._what.setCurrentIndex(place if place >= 0 else first)
        self._fill_new()

    def _replaceable(self, place: int) -> bool:
        return bool(replacements(self._what.itemData(place)))

    def _fill_new(self) -> None:
        kept, sort = self._new.currentData(), self._what.currentData()
        self._new.clear()
        for new in replacements(sort) if sort is not None else ():
            self._new.addItem(words(new), new)
        self._new.setCurrentIndex(max(0, _place_of(self._new, kept)))
        for part in (self._next, self._one, self._all):
            part.setEnabled(sort is not None)

    def _found(self) -> list[str]:
        sort = self._what.currentData()
        return find(self._view.session.document.network, sort) if sort is not None else []

    def _sought(self) -> None:
        self._fill_new()
        self._place = -1
        self._view.session.select(self._found())

    def _go_on(self) -> None:
        found = self._found()
        if found:
            self._place = (self._place + 1) % len(found)
            self._view.reveal(found[self._place])

    def _replace_one(self) -> None:
        found = self._found()
        if found:
            place = max(0, self._place) % len(found)
            self._replace([found[place]])
            self._place = place - 1
            if self._found():
                self._go_on()

    def _replace_all(self) -> None:
        self._replace(self._found())

    def _replace(self, nodes: list[str]) -> None:
        session, new = self._view.session, self._new.currentData()
        if new is None or not nodes:
            return
        if session.attempt(lambda: replace_all(session.document, nodes, new)) is not None:
            session.select(nodes)

    def _edited(self, *_: object) -> None:
        if self.isVisible():
            self._fill()


def words(sort: Sort) -> str:
    """Say what is sought."""
    if sort.what == "activation":
        return tr("activation {name}", name=sort.key)
    title = tr(LAYERS.get(sort.key).title)
    return f"{title} ({sort.activation})" if sort.activation else title


def _place_of(box: QComboBox, sort: Sort | None) -> int:
    """Return the place of an equal sort, or -1; Qt itself only knows the same object again."""
    return next((place for place in range(box.count()) if box.itemData(place) == sort), -1)


def _box(name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setFixedWidth(WIDTH)
    box.setMaxVisibleItems(16)
    return box
