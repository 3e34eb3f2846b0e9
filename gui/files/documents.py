"""The open documents: one tab each, opened, titled and closed here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QTabBar, QTabWidget, QWidget

from engine.graph.document import Document
from engine.settings import Settings
from gui.bridge import Engine
from gui.canvas.view import CanvasView
from gui.files.autosave import Autosave, make_pool
from gui.files.files import Files
from gui.i18n import tr
from gui.session import Session
from gui.theme import Theme
from gui.window.close_button import CloseButton
from gui.window.message_bar import MessageBar


class Documents(QTabWidget):
    """Tabs of canvases, and of what else is opened beside them.

    Signals:
        closed: A document was closed.
        close_cancelled: The person wants to keep a document open after all.
        hinted: A canvas has a passing hint for the status bar, or "".
        wires_asked: The wires of the selected layer are to be chosen from a list.
        export_asked: The document in front is to be exported.
    """

    closed = Signal()
    close_cancelled = Signal()
    hinted = Signal(str)
    wires_asked = Signal()
    export_asked = Signal()

    def __init__(
        self,
        theme: Theme,
        engine: Engine,
        files: Files,
        messages: MessageBar,
        settings: Settings,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._pool = make_pool()
        self._autosaves: dict[CanvasView, Autosave] = {}
        self._last: CanvasView | None = None
        self._theme, self._engine = theme, engine
        self._files, self._messages = files, messages
        self.setDocumentMode(True)
        self.setMovable(True)
        self.currentChanged.connect(lambda _: self._remember())

    def _remember(self) -> None:
        self._last = self.view or self._last

    @property
    def view(self) -> CanvasView | None:
        """The canvas in front, or None."""
        here = self.currentWidget()
        return here if isinstance(here, CanvasView) else None

    @property
    def session(self) -> Session | None:
        """The document in front, or None."""
        return self.view.session if self.view is not None else None

    @property
    def last_view(self) -> CanvasView | None:
        """The canvas in front, or the one that was before another page; None without any."""
        return self._last or next(iter(self.views()), None)

    def views(self) -> list[CanvasView]:
        """Return all canvases in the order of their tabs."""
        found = (self.widget(place) for place in range(self.count()))
        return [view for view in found if isinstance(view, CanvasView)]

    def open_path(self, path: Path) -> Session | None:
        """Open a file, or show the tab that has it already; None where it cannot be read."""
        for view in self.views():
            if view.session.path is not None and view.session.path.resolve() == path.resolve():
                self.setCurrentWidget(view)
                return view.session
        opened = self._files.open(path)
        if opened is None:
            return None
        session = self.add(opened.document, path)
        self._files.tell(opened, path, session)
        if opened.weights is not None:
            session.load_weights(opened.weights, partly=opened.partly, later=opened.later)
        return session

    def add_page(self, page: QWidget, title: str, tip: str, close: Callable[[], object]) -> None:
        """Show something else than a canvas in a tab.

        Args:
            page: What to show.
            title: Title of the tab.
            tip: What the tab says under the mouse.
            close: Called when its cross is clicked.
        """
        place = self.addTab(page, title)
        self.setTabToolTip(place, tip)
        self._add_cross(place, close)
        self.setCurrentIndex(place)

    def drop_page(self, page: QWidget) -> None:
        """Remove what `add_page` has added."""
        self.removeTab(self.indexOf(page))
        page.deleteLater()
        self.closed.emit()

    def follow_settings(self) -> None:
        """Let every canvas show what the settings ask for."""
        for view in self.views():
            view.minimap.set_wanted(self._settings.minimap)
            view.network.show_figure(self._settings.figure, self._settings.heat)

    def add(self, document: Document, path: Path | None = None) -> Session:
        """Show a document in a new tab."""
        session = Session(document, self._engine, path, self)
        view = CanvasView(self._theme, session)
        session.path_changed.connect(self._retitle)
        session.watch.changed.connect(partial(self._changed_on_disk, view))
        self._autosaves[view] = Autosave(session, self._pool)
        self._show(view)
        return session

    def _show(self, view: CanvasView) -> None:
        """Add a tab and bring it to the front."""
        view.minimap.set_wanted(self._settings.minimap)
        view.network.show_figure(self._settings.figure, self._settings.heat)
        view.status_hinted.connect(self.hinted)
        view.wires_asked.connect(self.wires_asked)
        view.blocks.entered.connect(partial(self.open_block, view.session))
        place = self.addTab(view, "")
        self._add_cross(place, lambda: self.close_document(view))
        self._retitle()
        self.setCurrentIndex(place)
        # When the tab has been laid out.
        QTimer.singleShot(0, view, view.show_beginning)
        view.setFocus()

    def _add_cross(self, place: int, close: Callable[[], object]) -> None:
        cross = CloseButton(self._theme)
        cross.clicked.connect(lambda: close())
        self.tabBar().setTabButton(place, QTabBar.ButtonPosition.RightSide, cross)

    def open_block(self, session: Session, block: str) -> None:
        """Show the inside of a block in a tab of its own, or the tab that shows it already."""
        for view in self.views():
            if view.session is session and view.network.scope == block:
                self.setCurrentWidget(view)
                return
        view = CanvasView(self._theme, session, scope=block)
        session.edited.connect(self._retitle)
        self._show(view)

    def _is_part(self, view: CanvasView) -> bool:
        """Return whether a tab shows a block; the document itself has another."""
        return view not in self._autosaves

    def _changed_on_disk(self, view: CanvasView) -> None:
        """Tell that somebody else has changed a document's file."""
        session = view.session
        assert session.path is not None
        path = session.path

        def reload() -> None:
            document = self._files.read(path)
            if document is not None:
                session.take_over(document)

        def compare() -> None:
            document = self._files.read(path)
            if document is not None:
                self.setCurrentWidget(view)
                view.compare_bar.open(document, path.name)

        self._messages.ask(
            tr("“{name}” has been changed by another program.", name=path.name),
            [
                (tr("Reload"), reload),
                (tr("Compare"), compare),
                (tr("Keep mine"), lambda: None),
            ],
        )

    def close_document(self, view: CanvasView) -> None:
        """Close a document; unsaved changes are asked about in the message bar."""
        if self._is_part(view):
            self._drop_tab(view)
            self.closed.emit()
            return
        self.setCurrentWidget(view)
        session = view.session
        name = session.document.title or tr("Untitled")
        save = (tr("Save"), lambda: self._save_and_drop(view))
        if session.is_saved:
            self._drop(view)
            return
        if session.history.is_saved:
            sentence = tr("“{name}” has weights that no file holds.", name=name)
            save = (tr("Export…"), self._export)
        elif session.kept.are_unsaved:
            sentence = tr(
                "“{name}” has unsaved changes, and weights that no file holds.", name=name
            )
        else:
            sentence = tr("“{name}” has unsaved changes.", name=name)
        self._messages.ask(
            sentence,
            [
                save,
                (tr("Discard"), lambda: self._drop(view)),
                (tr("Cancel"), self.close_cancelled.emit),
            ],
        )

    def _save_and_drop(self, view: CanvasView) -> None:
        if self._files.save(view.session):
            self.close_document(view)  # Asks about weights, which the drawing does not hold.
        else:
            self.close_cancelled.emit()

    def _export(self) -> None:
        """Let the person write the weights first: closing has to be asked for again."""
        self.close_cancelled.emit()
        self.export_asked.emit()

    def _drop(self, view: CanvasView) -> None:
        for other in self.views():
            if other.session is view.session and other is not view:
                self._drop_tab(other)
        self._drop_tab(view)
        self._autosaves.pop(view).forget()
        self._retitle()
        view.session.close()
        view.session.deleteLater()
        self.closed.emit()

    def _drop_tab(self, view: CanvasView) -> None:
        if self._last is view:
            self._last = None
        self.removeTab(self.indexOf(view))
        view.deleteLater()

    def _paths(self) -> list[Path]:
        own = (view.session.path for view in self._autosaves)
        return [path for path in own if path is not None]

    def _retitle(self, *_: object) -> None:
        """Name all tabs anew: what tells one apart depends on the others."""
        for view in self.views():
            self._title(view)

    def _title(self, view: CanvasView) -> None:
        place = self.indexOf(view)
        if place < 0:
            return
        session, scope = view.session, view.network.scope
        if scope:
            block = session.document.network.blocks.get(scope)
            self.setTabText(place, f"› {block.title}" if block is not None else "")
            return
        title = session.document.title or tr("Untitled")
        if session.path is not None:
            title = told_apart(session.path, self._paths())
            self.setTabToolTip(place, str(session.path))
        mark = "" if session.history.is_saved else "● "
        self.setTabText(place, mark + title)


def told_apart(path: Path, paths: Sequence[Path]) -> str:
    """Return the name of a file without its ending, with as much more as tells it from others."""
    if sum(other.stem == path.stem for other in paths) < 2:
        return path.stem
    if sum(other.name == path.name for other in paths) < 2:
        return path.name
    return f"{path.name} · {path.parent.name}"
