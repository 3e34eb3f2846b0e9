"""Rows of tabular samples with their targets, as a Qt model."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from engine.ipc.messages import DataLoaded
from gui.i18n import tr

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
MOST_COLUMNS = 64


class SampleTable(QAbstractTableModel):
    """One row a sample: the target first, then the numbers of the sample."""

    def __init__(self) -> None:
        super().__init__()
        self._values: npt.NDArray[Any] = np.empty((0, 0))
        self._targets: list[str] = []
        self._names: list[str] = []

    def show_data(self, data: DataLoaded | None) -> None:
        """Show other samples; those of more than two axes are written in one row."""
        self.beginResetModel()
        if data is None:
            self._values, self._targets, self._names = np.empty((0, 0)), [], []
        else:
            values = data.samples.numpy()
            values = values.reshape(len(values), -1)[:, :MOST_COLUMNS]
            self._values = values
            self._targets = target_words(data)
            names = list(data.info.features)
            self._names = names or [str(number + 1) for number in range(values.shape[1])]
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._values)

    def columnCount(self, parent: Index | None = None) -> int:
        if parent is not None and parent.isValid():
            return 0
        return self._values.shape[1] + 1 if len(self._values) else 0

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        target = index.column() == 0
        if role == Role.DisplayRole:
            if target:
                return self._targets[index.row()]
            return number_words(float(self._values[index.row(), index.column() - 1]))
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if target else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Role.DisplayRole else None
        if role in (Role.DisplayRole, Role.ToolTipRole):
            return tr("Target") if section == 0 else self._names[section - 1]
        if role == Role.TextAlignmentRole and section > 0:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def target_words(data: DataLoaded) -> list[str]:
    """Return each sample's target for people: the class's name, or its values."""
    targets, classes = data.targets.numpy(), data.info.classes
    if data.info.task == "classes" and targets.ndim == 1:
        return [
            classes[label] if 0 <= label < len(classes) else str(label)
            for label in targets.astype(int).tolist()
        ]
    rows = targets.reshape(len(targets), -1)
    return [", ".join(number_words(float(value)) for value in row[:6]) for row in rows]


def number_words(value: float) -> str:
    """Write a number of a sample so that columns are easy to compare."""
    if np.isfinite(value) and abs(value) < 1e6 and value == int(value):
        return f"{value:.0f}"
    return f"{value:.3f}" if 0.001 <= abs(value) < 1e5 else f"{value:.3g}"
