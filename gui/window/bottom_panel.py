"""The tabs below the canvas; each panel is made when it is first needed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, cast

from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from gui.session import Session


class Panel(Protocol):
    """What follows the present document."""

    def set_session(self, session: Session | None) -> None:
        """Follow another document, or none."""


class BottomPanel(QTabWidget):
    """Tabs whose panels are built late: the plots' library takes a while to import."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setDocumentMode(True)
        self._session: Session | None = None
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._panels: dict[str, QWidget] = {}
        self._pages: dict[str, QVBoxLayout] = {}
        self._keys: list[str] = []
        self.currentChanged.connect(lambda place: self._keys and self.panel(self._keys[place]))

    def add(self, key: str, title: str, make: Callable[[], QWidget]) -> None:
        """Add a tab whose panel `make` builds."""
        page = QWidget()
        self._pages[key] = QVBoxLayout(page)
        self._pages[key].setContentsMargins(0, 0, 0, 0)
        self._makers[key] = make
        self._keys.append(key)
        self.addTab(page, title)

    def panel(self, key: str) -> QWidget:
        """Return a panel, built now if it was not."""
        if key not in self._panels:
            panel = self._panels[key] = self._makers[key]()
            self._pages[key].addWidget(panel)
            cast(Panel, panel).set_session(self._session)
        return self._panels[key]

    def reveal(self, key: str) -> None:
        """Show a tab."""
        self.setCurrentIndex(self._keys.index(key))
        self.panel(key)

    def build_next(self) -> bool:
        """Build one panel that is still missing; returns whether there was one."""
        for key in self._keys:
            if key not in self._panels:
                self.panel(key)
                return True
        return False

    def set_title(self, key: str, title: str) -> None:
        """Change a tab's title."""
        self.setTabText(self._keys.index(key), title)

    def set_session(self, session: Session | None) -> None:
        """Let all panels follow another document."""
        self._session = session
        for panel in self._panels.values():
            cast(Panel, panel).set_session(session)
