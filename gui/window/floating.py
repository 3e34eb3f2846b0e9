"""A sheet that floats over the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from gui.i18n import tr
from gui.labels import Short
from gui.theme import Theme
from gui.window.close_button import CloseButton

WIDTH, HEIGHT, MARGIN = 800, 600, 48
# Of what sheets are about, the name gives way before the title.
LEAST_TITLE = 240


class FloatingSheet(QFrame):
    """A head with a title and a way out; what stands below is added to `column`.

    While it is there the keyboard stays in it, and goes back to where it was afterwards. Keys
    pressed in it never reach the window's actions, which are about what lies behind.

    Args:
        theme: The look.
        window: What it floats over.
        width: How wide it is where there is room.
        height: How high it is where there is room.
    """

    def __init__(
        self, theme: Theme, window: QWidget, *, width: int = WIDTH, height: int = HEIGHT
    ) -> None:
        super().__init__(window)
        self.theme, self._window = theme, window
        self._largest = width, height
        self._before: QWidget | None = None
        self.setObjectName("floating")
        # A click between its parts brings the keyboard too.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.title = Short(least=LEAST_TITLE)
        self.title.setProperty("role", "title")
        close = CloseButton(theme)
        close.setAccessibleName(tr("Close"))
        close.setToolTip(tr("Close"))
        close.clicked.connect(self.leave)
        self.head = QHBoxLayout()
        self.head.setContentsMargins(theme.xl, theme.l, theme.l, theme.m)
        self.head.setSpacing(theme.s)
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.head.addWidget(close)
        self.column = QVBoxLayout()
        self.column.setContentsMargins(theme.xl, 0, theme.l, theme.l)
        self.column.setSpacing(theme.m)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 1, 1, 1)
        whole.setSpacing(0)
        whole.addLayout(self.head)
        whole.addLayout(self.column, 1)
        window.installEventFilter(self)
        theme.changed.connect(self._dress)
        self._dress()
        self.hide()

    def come(self) -> None:
        """Show the sheet in the middle of the window."""
        holder = self._keyboard()
        if holder is not None and not self._holds(holder):
            self._before = holder
        self._place()
        self.show()
        self.raise_()

    def leave(self) -> None:
        """Close the sheet and give the keyboard back to what had it."""
        self.hide()
        before, self._before = self._before, None
        # Its tab may have been closed meanwhile.
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()

    def _keyboard(self) -> QWidget | None:
        """Return what takes the keys now."""
        return self._window.focusWidget()

    def _holds(self, widget: QWidget) -> bool:
        return widget is self or self.isAncestorOf(widget)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Move the keyboard on within the sheet: also when the button that had it is disabled."""
        start = widget = self._keyboard() or self
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        while True:
            following = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
            # PySide may take a widget for something that was at the same place in memory before.
            if not isinstance(following, QWidget) or following is start:
                return False
            widget = following
            by_key = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if by_key and widget.isEnabled() and widget.isVisible() and self.isAncestorOf(widget):
                widget.setFocus(reason)
                return True

    def _place(self) -> None:
        width = min(self._largest[0], self._window.width() - 2 * MARGIN)
        height = min(self._largest[1], self._window.height() - 2 * MARGIN)
        left = (self._window.width() - width) // 2
        self.setGeometry(left, (self._window.height() - height) // 2, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            # Else Del in a list would delete layers, and Ctrl+W close the document.
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _dress(self) -> None:
        colors = self.theme.colors
        self.setStyleSheet(
            f"#floating {{ background: {colors.surface_raised.name()};"
            f" border: 1px solid {colors.border_strong.name()}; border-radius: 10px; }}"
        )
