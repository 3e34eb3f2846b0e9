"""The main window: joins the panels, which do not know each other."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QSize, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from engine.datasets import UNDECIDED
from engine.errors import Text
from engine.graph.document import Document
from engine.ipc.client import EngineDied
from engine.probes import PROBES
from engine.settings import Settings, save_settings
from gui.actions import Actions
from gui.bridge import Engine
from gui.canvas.thumbnail import paint_network
from gui.canvas.view import CanvasView
from gui.files.autosave import offer
from gui.files.documents import Documents
from gui.files.files import Files
from gui.files.inspecting import close_workbench, close_workbenches, open_workbench
from gui.files.scripts import Scripts
from gui.files.trusting import Trusting
from gui.i18n import tr, tr_text
from gui.inspector.panel import InspectorPanel
from gui.loading.pretrained import Pretrained
from gui.loading.weight_files import offer_table, tell_workbench, way_into_network
from gui.palette.panel import PalettePanel
from gui.session import Session
from gui.start.page import StartPage
from gui.theme import Theme
from gui.window.action_state import refresh
from gui.window.bottom_panel import BottomPanel
from gui.window.handlers import handlers
from gui.window.menus import make_menus
from gui.window.message_bar import MessageBar
from gui.window.panel_focus import go_to_panel
from gui.window.panels import make_bottom
from gui.window.quitting import Quitting
from gui.window.sheets import Sheets
from gui.window.status import StatusLine
from gui.window.toolbar import ToolBar
from gui.window.tour_steps import take_tour
from gui.window.window_layout import WindowLayout

# After the first paint, so that the window can be used before the plots' library is there.
BUILD_PANELS_AFTER = 400


class MainWindow(QMainWindow):
    """Palette, documents, inspector, bottom tabs; opens and closes documents.

    Args:
        theme: The look.
        engine: The engine process.
        settings: The user's settings, written when the window closes.
    """

    def __init__(self, theme: Theme, engine: Engine, settings: Settings) -> None:
        super().__init__()
        self.theme, self.engine, self.settings = theme, engine, settings
        self.setWindowTitle("Netloom")
        self.setAcceptDrops(True)
        self.messages = MessageBar(theme)
        inspect, self.scripts = partial(open_workbench, self), Scripts(self)
        take = partial(way_into_network, self)
        self.files = Files(self, settings, self.messages, inspect, self.scripts.run, take)
        self.actions_ = Actions(self, theme, handlers(self), settings.keys)
        make_menus(self)
        self.toolbar = ToolBar(theme, self.actions_, engine)
        self.toolbar.data_clicked.connect(lambda: self.bottom.reveal("data"))
        self.addToolBar(self.toolbar)
        self.status = StatusLine(engine)
        self.setStatusBar(self.status)
        self._make_parts()
        self.sheets = Sheets(self)
        self.tabs.wires_asked.connect(self.sheets.open_wires)
        self.tabs.export_asked.connect(self.sheets.open_export)
        self.trusting = Trusting(self)
        self._followed: list[tuple[object, Callable[..., object]]] = []
        self._shown: QObject | None = None
        self.quitting = Quitting(self)
        engine.died.connect(self._engine_died)
        engine.ready.connect(lambda _: self.refresh_actions())
        self.layout_.restore(self, settings)
        self._tab_changed()

    # --- parts -----------------------------------------------------------------------------

    def _make_parts(self) -> None:
        theme = self.theme
        self.palette_panel = PalettePanel(theme)
        self.palette_panel.layer_activated.connect(self.add_layer)
        self.inspector = InspectorPanel(theme)
        self.inspector.repeat_wanted.connect(self._repeat_block)
        self.inspector.keep_wanted.connect(self._keep_block)
        self.inspector.change_wanted.connect(self._change_block)
        self.pretrained = Pretrained(self)
        self.start_page = StartPage(theme, self._thumbnail)
        self.start_page.application_chosen.connect(self.open_application)
        self.start_page.template_chosen.connect(self.open_template)
        self.start_page.recent_chosen.connect(self.open_path)
        self.start_page.open_requested.connect(self.open_file)
        self.start_page.back_requested.connect(self.show_documents)
        self.start_page.new_requested.connect(self.new_document)
        self.start_page.tour_requested.connect(partial(take_tour, self))
        self.tabs = Documents(theme, self.engine, self.files, self.messages, self.settings)
        self.tabs.currentChanged.connect(lambda _: self._tab_changed())
        self.tabs.hinted.connect(self.status.hint)
        self.center = QStackedWidget()
        self.center.addWidget(self.start_page)
        self.center.addWidget(self.tabs)
        self.center.currentChanged.connect(lambda _: self._session_changed())
        self.bottom: BottomPanel = make_bottom(
            theme, self.settings, self._reveal_node, self._scroll_to
        )
        self.layout_ = WindowLayout(
            self.palette_panel, self.center, self.inspector, self.bottom, self.messages
        )
        self.setCentralWidget(self.layout_.whole)

    def build_panels(self) -> None:
        """Build what is still missing, a part at a time so that the window stays usable."""
        if self.inspector.document_form is None:
            from gui.training.recipe_form import RecipeForm

            form = RecipeForm(self.theme)
            self.inspector.set_document_form(form)
            form.set_session(self.session)
            self._recipe_form = form
        elif not self.bottom.build_next():
            # What is there now stays: looking through it again and again for garbage would
            # hold events up for some milliseconds each time.
            gc.collect()
            gc.freeze()
            return
        QTimer.singleShot(0, self, self.build_panels)

    def _thumbnail(self, document: Document, size: QSize) -> QPixmap:
        return paint_network(document, size, self.theme)

    # --- actions ---------------------------------------------------------------------------

    def refresh_actions(self, *_: object) -> None:
        """Enable what can be done now."""
        ready = self.engine.info is not None
        refresh(self.actions_, self.session, here=not self._at_start, ready=ready)

    def go_to_panel(self, step: int) -> None:
        """Move the keyboard to the next part of the window, or to the one before."""
        parts = [
            (self.palette_panel, None),
            (self.center, self.view),
            (self.inspector, None),
            (self.bottom, None),
        ]
        go_to_panel(parts, step)

    def keep_block(self) -> None:
        """Put the selected block into the personal library."""
        if self.view is not None and (block := self.view.blocks.chosen):
            self._keep_block(block)

    def _keep_block(self, block: str) -> None:
        if self.session is not None:
            self.files.keep_block(self.session.document, block)
            self.palette_panel.show_blocks()

    def _repeat_block(self, block: str, times: int) -> None:
        if self.view is not None:
            self.view.blocks.repeat(block, times)

    def _change_block(self, block: str, name: str, value: object) -> None:
        if self.view is not None:
            self.view.blocks.change(block, name, value)

    def add_layer(self, key: str) -> None:
        """Add a layer to the document in front, or to a new one."""
        if self.view is None:
            self.new_document()
        if self.view is not None:
            self.view.add_layer(key)

    def _reveal_node(self, node: str) -> None:
        if self.view is not None and node:
            self.view.reveal(node)

    def _scroll_to(self, node: str) -> None:
        if self.view is not None:
            self.view.show_node(node)

    # --- documents -------------------------------------------------------------------------

    @property
    def view(self) -> CanvasView | None:
        """The canvas in front, or None: also on the start page, which hides it."""
        return None if self._at_start else self.tabs.view

    @property
    def session(self) -> Session | None:
        """The document in front, or None: also on the start page, which hides it."""
        return None if self._at_start else self.tabs.session

    @property
    def _at_start(self) -> bool:
        return self.center.currentWidget() is self.start_page

    def new_document(self) -> Session:
        """Open an empty document."""
        return self.add_document(Document(title=tr("Untitled")))

    def offer_recovered(self) -> None:
        """Offer what an earlier run has left unsaved."""
        offer(self.messages, self.add_document)

    def open_file(self) -> None:
        """Ask for a file and open it."""
        path = self.files.ask_open()
        if path is not None:
            self.open_path(path)

    def open_template(self, path: Path) -> Session | None:
        """Open a template as a new document."""
        document = self.files.read_template(path)
        return self.add_document(document) if document is not None else None

    def open_application(self, key: str) -> Session | None:
        """Open a model of `keras.applications` as a new document."""
        document = self.files.draw_application(key)
        return self.add_document(document) if document is not None else None

    def open_path(self, path: Path) -> Session | None:
        """Open a file in a tab, or show the tab that has it already."""
        session = self.tabs.open_path(path)
        if session is not None:
            self.center.setCurrentWidget(self.tabs)
            nodes = session.document.network.nodes.values()
            if session.has_errors:
                self.bottom.reveal("problems")
            elif session.loading and PROBES.get("kernels").suits(node.layer for node in nodes):
                self.bottom.reveal("results")
        return session

    def add_document(self, document: Document, path: Path | None = None) -> Session:
        """Show a document in a new tab."""
        self.center.setCurrentWidget(self.tabs)
        return self.tabs.add(document, path)

    def show_start_page(self) -> None:
        """Show templates and recent files."""
        self.start_page.set_recent([Path(name) for name in self.settings.recent])
        place = self.tabs.currentIndex()
        name = self.tabs.tabText(place).removeprefix("● ")
        self.start_page.offer_back(name if place >= 0 else None)
        self.center.setCurrentWidget(self.start_page)
        self.start_page.setFocus()

    def show_documents(self) -> None:
        """Leave the start page for the tab that was in front."""
        self.center.setCurrentWidget(self.tabs)
        if self.tabs.currentWidget() is not None:
            self.tabs.currentWidget().setFocus()

    def save(self, *, anew: bool = False) -> bool:
        """Save the document in front; returns whether it is saved."""
        return self.session is not None and self.files.save(self.session, anew=anew)

    def compare(self) -> None:
        """Ask for another drawing and show how the one in front differs from it."""
        path = self.files.ask_open()
        document = self.files.read(path) if path is not None else None
        if document is not None and path is not None and self.view is not None:
            self.view.compare_bar.open(document, path.name)

    def close_tab(self, place: int) -> None:
        """Close a document; unsaved changes are asked about in the message bar."""
        view = self.tabs.widget(place)
        if isinstance(view, CanvasView):
            self.tabs.close_document(view)
        elif view is not None:
            close_workbench(self, view)

    # --- the document in front -------------------------------------------------------------

    def _tab_changed(self) -> None:
        if self.tabs.currentWidget() is None:
            self.show_start_page()
        else:
            self.center.setCurrentWidget(self.tabs)
        self._session_changed()

    def _session_changed(self) -> None:
        for signal, slot in self._followed:
            signal.disconnect(slot)  # type: ignore[attr-defined]
        session = self.session
        shown = session or self.tabs.currentWidget()
        if shown is not self._shown:
            self.messages.leave()
            self._shown = shown
        self._followed = []
        if session is not None:
            self._follow(session)
        panels = (self.palette_panel, self.inspector, self.bottom, self.toolbar, self.status)
        for panel in panels:
            if hasattr(panel, "set_session"):
                panel.set_session(session)
        form = getattr(self, "_recipe_form", None)
        if form is not None:
            form.set_session(session)
        self.sheets.set_session(session)
        tell_workbench(self)
        self.trusting.follow(session)
        self.inspector.setVisible(session is not None)
        self.bottom.setVisible(session is not None)
        # Beside other pages the toolbar stays, so that tabs do not move under the mouse.
        self.toolbar.setVisible(not self._at_start)
        self.palette_panel.setVisible(session is not None)
        self._count_problems()
        self.refresh_actions()

    def _follow(self, session: Session) -> None:
        self._followed = [
            (session.posted, self._post),
            (session.weights_missed, partial(offer_table, self, session)),
            (session.edited, self.refresh_actions),
            (session.selection_changed, self.refresh_actions),
            (session.problems_changed, self._count_problems),
            (session.run_changed, self.refresh_actions),
            (session.trained_changed, self.refresh_actions),
            (session.data_changed, self.toolbar.refresh),
        ]
        for signal, slot in self._followed:
            signal.connect(slot)  # type: ignore[attr-defined]

    def _post(self, message: Text, severity: str) -> None:
        self.messages.post(tr_text(message), severity)

    def _count_problems(self) -> None:
        problems = self.session.problems if self.session else []
        # Advice is listed there too, but nothing has to be done about it.
        count = sum(problem.severity == "error" for problem in problems)
        title = tr("Problems ({count})", count=count) if count else tr("Problems")
        self.bottom.set_title("problems", title)
        self.refresh_actions()

    # --- training --------------------------------------------------------------------------

    def train(self, *, resume: bool = False) -> None:
        """Train the document in front and show it learning."""
        session = self.session
        if session is None or not session.can_train:
            return
        if session.document.data.kind == UNDECIDED:
            self.bottom.reveal("data")
            self.messages.post(tr("Choose the data to train on first: a source in the Data tab."))
            return
        self.bottom.reveal("training")
        session.train(resume=resume)

    def _engine_died(self, died: EngineDied) -> None:
        self.refresh_actions()
        if not died.restarting:
            self.messages.post(
                tr("The engine cannot start. Your drawings are safe: save them and restart."),
                "error",
            )
        elif self.session is None or self.session.run.run == "":
            self.messages.post(tr("The engine ended unexpectedly; a new one is starting."))

    # --- the window ------------------------------------------------------------------------

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        QTimer.singleShot(BUILD_PANELS_AFTER, self, self.build_panels)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            # A file with code may have been changed in another program.
            self.trusting.look_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.sheets.hide()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.open_path(Path(url.toLocalFile()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.quitting.is_free():
            event.ignore()
            return
        close_workbenches(self)
        self.scripts.close()
        self.pretrained.fetching.stop()
        self.layout_.remember(self, self.settings)
        save_settings(self.settings)
        event.accept()
