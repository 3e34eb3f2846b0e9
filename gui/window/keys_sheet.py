"""All keys at a glance, and changing them (F1)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gui.actions import Actions, menu_titles
from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme
from gui.window.floating import FloatingSheet

KEY = Qt.ItemDataRole.UserRole
WIDTH, HEIGHT = 620, 1200


def canvas_keys() -> list[tuple[str, str]]:
    """Return what the mouse and plain keys do on the canvas; these cannot be changed."""
    return [
        (tr("Add a layer at the cursor, or behind the selected one"), tr("Tab, or type its name")),
        (tr("Walk along the wires"), "Alt+↑ ↓ ← →"),
        (tr("Move the selection"), tr("↑ ↓ ← →, finer with Shift")),
        (tr("Select several"), tr("Shift or Ctrl with a click; drag a box")),
        (tr("Pan"), tr("Space or middle button and drag; wheel")),
        (tr("Zoom"), tr("Ctrl and wheel; pinch")),
        (tr("Edit text, expand a block"), tr("Double-click")),
        (tr("Break off a gesture, select nothing"), "Esc"),
    ]


class KeysSheet(FloatingSheet):
    """Floats over the window; a double-click on a row, or Enter, takes new keys for it.

    Signals:
        keys_changed: Carries an action's key and its keys in Qt's notation; None for the usual.
    """

    keys_changed = Signal(str, object)

    def __init__(self, theme: Theme, actions: Actions, window: QWidget) -> None:
        super().__init__(theme, window, width=WIDTH, height=HEIGHT)
        self._actions = actions
        self._editing: str = ""
        self.title.setText(tr("Keys"))
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Search actions"))
        self.field.setAccessibleName(tr("Search actions"))
        self.field.textChanged.connect(self.refresh)
        self.head.insertWidget(1, self.field, 1000)
        self.tree = self._make_tree()
        self.capture = QKeySequenceEdit()
        self.capture.setMaximumSequenceLength(1)
        self.capture.setAccessibleName(tr("New keys"))
        self.capture.editingFinished.connect(self._take)
        self.capture.installEventFilter(self)
        self._row = self._make_row()
        self._foot = Label(tr("Double-click a line to give it other keys."))
        self._foot.setProperty("role", "secondary")
        self._foot.setWordWrap(True)
        self.column.setSpacing(theme.s)
        self.column.addWidget(self.tree, 1)
        self.column.addWidget(self._row)
        self.column.addWidget(self._foot)
        self._row.hide()

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setColumnCount(2)
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setIndentation(12)
        tree.setFrameShape(QFrame.Shape.NoFrame)
        tree.setAccessibleName(tr("Keys"))
        tree.setStyleSheet("QTreeView::item { padding: 3px 2px; }")
        tree.itemActivated.connect(lambda item, _: self._edit(item))
        tree.itemDoubleClicked.connect(lambda item, _: self._edit(item))
        return tree

    def _make_row(self) -> QWidget:
        """Make the row in which new keys are pressed."""
        self._prompt = Label()
        usual = QPushButton(tr("Usual keys"))
        usual.clicked.connect(self._reset)
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._prompt, 1)
        row.addWidget(self.capture)
        row.addWidget(usual)
        return part

    def open(self) -> None:
        """Show the sheet."""
        self._row.hide()
        self.field.clear()
        self.refresh()
        self.come()
        self.field.setFocus()

    def refresh(self, *_: object) -> None:
        """Show the actions that the search finds, with their keys."""
        words = self.field.text().lower().split()
        self.tree.clear()
        for menu, title in menu_titles().items():
            rows = [
                (spec.text, self._actions.keys_of(spec.key), spec.key)
                for spec in self._actions.specs
                if spec.menu == menu and spec.key != "-"
            ]
            self._add_group(title, rows, words)
        self._add_group(tr("Canvas"), [(text, keys, "") for text, keys in canvas_keys()], words)
        self.tree.setColumnWidth(0, int(WIDTH * 0.58))

    def _add_group(self, title: str, rows: list[tuple[str, str, str]], words: list[str]) -> None:
        found = [row for row in rows if all(w in f"{row[0]} {row[1]}".lower() for w in words)]
        if not found:
            return
        group = QTreeWidgetItem([title])
        group.setFont(0, self.theme.font(12, 600))
        group.setForeground(0, self.theme.colors.text_secondary)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.tree.addTopLevelItem(group)
        for text, keys, key in found:
            item = QTreeWidgetItem([text.rstrip("…"), keys])
            item.setData(0, KEY, key)
            group.addChild(item)
        group.setExpanded(True)

    def _edit(self, item: QTreeWidgetItem) -> None:
        key = item.data(0, KEY)
        if not key:
            return
        self._editing = key
        self._prompt.setText(tr("Press the new keys for “{action}”", action=item.text(0)))
        self.capture.clear()
        self._row.show()
        self.capture.setFocus()

    def _take(self) -> None:
        sequence = self.capture.keySequence()
        if not self._editing or sequence.isEmpty():
            return
        keys = sequence.toString(QKeySequence.SequenceFormat.PortableText)
        other = self._actions.holder_of(keys)
        if other and other != self._editing:
            name = self._actions[other].text().rstrip("…")
            self._say(
                tr("{keys} already belongs to “{action}”: take others.", keys=keys, action=name)
            )
            self.capture.clear()
            return
        self._change(keys)

    def _reset(self) -> None:
        self._change(None)

    def _change(self, keys: str | None) -> None:
        key, self._editing = self._editing, ""
        self._row.hide()
        self.keys_changed.emit(key, keys)
        self.refresh()
        self._say(tr("Double-click a line to give it other keys."), usual=True)

    def _say(self, words: str, *, usual: bool = False) -> None:
        self._foot.setText(words)
        self._foot.setProperty("role", "secondary" if usual else "error")
        self._foot.style().unpolish(self._foot)
        self._foot.style().polish(self._foot)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and watched is self.capture
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Escape
        ):
            self._editing = ""
            self._row.hide()
            self.tree.setFocus()
            return True
        return super().eventFilter(watched, event)
