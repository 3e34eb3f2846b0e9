"""Boxes and chips of the recipe form: loss, metrics, device."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QLayout, QLayoutItem, QToolButton, QWidget

from engine.graph.document import Recipe
from engine.ipc.messages import Device
from engine.training import LOSSES, METRICS, TaskInfo
from gui.i18n import tr, tr_text
from gui.labels import tip
from gui.theme import Theme
from gui.training.suitable import loss_objection, metric_objection


class LossChoice(QComboBox):
    """All losses; those that cannot work with the data are disabled and say why.

    Signals:
        chosen: Carries the key of the loss that the person chose.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Loss"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._items = QStandardItemModel(self)
        for spec in LOSSES:
            item = QStandardItem(tr(spec.title))
            item.setData(spec.key, Qt.ItemDataRole.UserRole)
            self._items.appendRow(item)
        self.setModel(self._items)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def show_recipe(self, recipe: Recipe, task: TaskInfo | None) -> None:
        """Show which loss is chosen and which ones suit."""
        for row, spec in enumerate(LOSSES):
            item = self._items.item(row)
            objection = loss_objection(recipe, spec.key, task)
            item.setEnabled(objection is None or not objection[1])
            title = tr(spec.title)
            if objection is not None and not objection[1]:
                title = tr("{loss} (for numbers)", loss=title)
            item.setText(title)
            item.setToolTip(tip(tr_text(objection[0])) if objection else tr(spec.help()))
        self.setCurrentIndex(self.findData(recipe.loss))


class DeviceChoice(QComboBox):
    """Where to train.

    Signals:
        chosen: Carries the name of the device that the person chose.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Device"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(lambda index: self.chosen.emit(self.itemData(index)))

    def show_devices(self, devices: list[Device], chosen: str) -> None:
        """Offer the devices of the engine; a chosen one that is absent stays in the list."""
        self.clear()
        self.addItem(tr("Automatic"), "auto")
        for device in devices:
            self.addItem(device.title, device.name)
        place = next((row for row in range(self.count()) if _same(self.itemData(row), chosen)), -1)
        if place < 0:
            label = tr("{device} (not on this machine)", device=chosen) if devices else chosen
            self.addItem(label, chosen)
            place = self.count() - 1
        self.setCurrentIndex(place)


def _same(name: str, other: str) -> bool:
    """Return whether two names mean the same device: "cpu" and "CPU:0" do."""
    return name.lower().removesuffix(":0") == other.lower().removesuffix(":0")


class MetricChips(QWidget):
    """One chip a metric that suits the loss, checked where it is watched.

    Signals:
        chosen: Carries the tuple of keys of checked metrics, in the order of the catalog.
    """

    chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: dict[str, QToolButton] = {}
        self._metrics: tuple[str, ...] = ()
        flow = Flow(self, gap=4)
        for spec in METRICS:
            chip = QToolButton()
            chip.setText(tr(spec.title))
            chip.setCheckable(True)
            chip.setProperty("chip", True)
            chip.clicked.connect(self._clicked)
            self._chips[spec.key] = chip
            flow.addWidget(chip)
        theme.changed.connect(self._restyle)
        self._restyle()

    def show_recipe(self, recipe: Recipe, task: TaskInfo | None) -> None:
        """Show which metrics are chosen; hide those that suit neither data nor loss."""
        self._metrics = recipe.metrics
        chosen = {spec.key for key in recipe.metrics if (spec := METRICS.find(key))}
        for spec in METRICS:
            chip = self._chips[spec.key]
            objection = metric_objection(recipe, spec.key, task)
            chip.setChecked(spec.key in chosen)
            chip.setVisible(objection is None or spec.key in chosen)
            chip.setToolTip(tip(tr_text(objection)) if objection else tr(spec.help()))
        self.updateGeometry()

    def _clicked(self) -> None:
        checked = tuple(key for key, chip in self._chips.items() if chip.isChecked())
        unknown = tuple(key for key in self._metrics if METRICS.find(key) is None)
        self.chosen.emit(checked + unknown)

    def _restyle(self) -> None:
        colors = self._theme.colors
        self.setStyleSheet(
            f"QToolButton[chip=true] {{ border: 1px solid {colors.border_strong.name()};"
            f" border-radius: 11px; padding: 2px 9px; font-size: 12px; }}"
            f" QToolButton[chip=true]:checked {{ border-color: {colors.accent.name()};"
            f" background: {colors.accent_soft.name()}; }}"
        )


class Flow(QLayout):
    """Puts widgets side by side and begins a new row where there is no more room."""

    def __init__(self, parent: QWidget, gap: int) -> None:
        super().__init__(parent)
        self._gap = gap
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), really=False)

    def setGeometry(self, place: QRect) -> None:
        super().setGeometry(place)
        self._place(place, really=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def _shown(self) -> Iterable[QLayoutItem]:
        return (item for item in self._items if not item.isEmpty())

    def _place(self, place: QRect, *, really: bool) -> int:
        x, y, tallest = place.x(), place.y(), 0
        for item in self._shown():
            size = item.sizeHint()
            if x > place.x() and x + size.width() > place.right() + 1:
                x, y, tallest = place.x(), y + tallest + self._gap, 0
            if really:
                item.setGeometry(QRect(QPoint(x, y), size))
            x += size.width() + self._gap
            tallest = max(tallest, size.height())
        return y + tallest - place.y()
