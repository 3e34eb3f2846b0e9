"""The training panel: progress in one line, the loss large, a metric beside it."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from gui.session import Session
from gui.theme import Theme
from gui.training import words
from gui.training.curves import RunCurves
from gui.training.empty_page import EmptyPage, Notice
from gui.training.progress_row import ProgressRow

if TYPE_CHECKING:
    from gui.training.chart_page import ChartPage

# While all cores train each picture of a chart holds events up for two to three milliseconds:
# one chart at a time, so that none has to wait for both.
SHORTEST_PAUSE_MS = 200
LARGEST_SHARE = 0.1


class TrainingPanel(QFrame):
    """Shows the run of the current session while it trains, and afterwards.

    Curves are kept for each session, so that going to another document and back loses nothing;
    the run before stays as a faint line for comparison. Nothing is drawn while hidden.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._theme = theme
        self._session: Session | None = None
        self._curves: weakref.WeakKeyDictionary[Session, list[RunCurves]] = (
            weakref.WeakKeyDictionary()
        )
        self._charts: ChartPage | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHORTEST_PAUSE_MS)
        self._timer.timeout.connect(self._draw_next)
        self._build()
        # The window makes this panel when it has nothing else to do.
        QTimer.singleShot(0, self, self.prepare)

    def _build(self) -> None:
        self._empty = EmptyPage(self._theme)
        self._row = ProgressRow(self._theme)
        self._notice = Notice(self._theme)
        self._run_page = QWidget()
        self._run_layout = QVBoxLayout(self._run_page)
        self._run_layout.setContentsMargins(8, 4, 8, 8)
        self._run_layout.setSpacing(4)
        self._run_layout.addWidget(self._row)
        self._run_layout.addWidget(self._notice)
        self._run_layout.addStretch(0)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._run_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def set_session(self, session: Session | None) -> None:
        """Follow a session instead of the one before."""
        if self._session is not None:
            self._session.run_changed.disconnect(self._run_changed)
            self._session.progressed.disconnect(self._draw_soon)
            self._session.epoch_ended.disconnect(self._draw_soon)
            self._session.edited.disconnect(self._edited)
        self._session = session
        if session is not None:
            session.run_changed.connect(self._run_changed)
            session.progressed.connect(self._draw_soon)
            session.epoch_ended.connect(self._draw_soon)
            session.edited.connect(self._edited)
        if self._charts is not None:
            self._charts.follow()
        self._show_run()

    def prepare(self) -> None:
        """Load what drawing needs (0.3 s), best while the window has nothing else to do."""
        if self._charts is not None:
            return
        # pyqtgraph is kept out of the start of the program.
        from gui.training.chart_page import ChartPage

        self._charts = ChartPage(self._theme)
        self._charts.changed.connect(self._draw_now)
        self._run_layout.addWidget(self._charts, 1)
        self._charts.rehearse()
        self._show_run()

    # --- following -------------------------------------------------------------------------

    def _show_run(self) -> None:
        """Show the session's run at once."""
        self._take_run()
        self._draw_now()

    def _run_changed(self) -> None:
        """Say at once how the run stands; the charts follow in their turns."""
        self._take_run()
        self._draw_soon()

    def _take_run(self) -> None:
        session = self._session
        if session is None:
            self._show_empty()
            return
        run = session.run
        kept = self._curves.setdefault(session, [])
        if not kept or kept[-1].record is not run:
            worth_keeping = [curves for curves in kept if len(curves.record.losses) > 1]
            self._curves[session] = [*worth_keeping[-1:], RunCurves(run, self._smoothing())]
            if self._charts is not None:
                self._charts.follow_next()
        if run.started is None and run.state == "idle":
            self._show_empty()
            return
        self._pages.setCurrentWidget(self._run_page)
        self._notice.say(words.notice(run))
        self._row.show_run(run)

    def _show_empty(self) -> None:
        self._empty.describe(self._session.document if self._session is not None else None)
        self._pages.setCurrentWidget(self._empty)

    def _edited(self, _: object) -> None:
        if self._pages.currentWidget() is self._empty:
            self._show_empty()

    def _draw_soon(self, *_: object) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _smoothing(self) -> float:
        return self._charts.smoothing if self._charts is not None else 0.0

    # --- drawing ---------------------------------------------------------------------------

    def _draw_now(self) -> None:
        """Draw all that is new; what is hidden waits."""
        self._timer.stop()
        kept = self._kept()
        if self._session is None or not kept:
            return
        self._row.show_run(self._session.run)
        if self._charts is not None:
            self._charts.show_curves(kept[-1], kept[0] if len(kept) > 1 else None)

    def _draw_next(self) -> None:
        """Draw the next chart; the progress in numbers with the last one."""
        clock = QElapsedTimer()
        clock.start()
        kept = self._kept()
        if self._session is None or not kept:
            return
        if self._charts is None or self._charts.show_next(
            kept[-1], kept[0] if len(kept) > 1 else None
        ):
            self._row.show_run(self._session.run)
        else:
            self._timer.start()
        # A very long curve slows its own pictures down, not the window.
        busy = clock.nsecsElapsed() / 1e6
        self._timer.setInterval(max(SHORTEST_PAUSE_MS, round(busy / LARGEST_SHARE)))

    def _kept(self) -> list[RunCurves]:
        """Return the curves to draw, brought up to date; none while hidden."""
        kept = self._curves.get(self._session, []) if self._session is not None else []
        if not self.isVisible() or self._charts is None:
            return kept if self.isVisible() else []
        for curves in kept:
            curves.smooth(self._charts.smoothing)
            curves.update()
        return kept

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_run()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)
