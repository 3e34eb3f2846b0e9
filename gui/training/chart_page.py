"""The charts of a run side by side, with what a person can choose about them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QToolButton, QWidget

from gui.i18n import tr
from gui.labels import Label
from gui.theme import Theme
from gui.training.chart import Chart
from gui.training.curves import ChartData, RunCurves
from gui.training.words import metric_title

DEFAULT_SMOOTHING = 90
WIDTH_FOR_LABEL = 1000


class ChartPage(QWidget):
    """Loss on the left, one metric on the right; the cursor is common to both.

    Signals:
        changed: The person has chosen another smoothing, scale or metric.
    """

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.loss_chart, self.metric_chart = Chart(theme), Chart(theme)
        self.loss_chart.legend.set_title(tr("Loss"))
        self._names: list[str] = []
        self._loss_next = True
        self._add_controls()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addWidget(self.loss_chart, 4)
        layout.addWidget(self.metric_chart, 3)
        for chart in (self.loss_chart, self.metric_chart):
            chart.hovered.connect(self._hovered)
        theme.changed.connect(self._restyle)
        self._restyle()

    def _add_controls(self) -> None:
        self._smooth_label = Label(tr("Smoothing"))
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, 99)
        self._slider.setValue(DEFAULT_SMOOTHING)
        self._slider.setAccessibleName(tr("Smoothing"))
        self._slider.valueChanged.connect(self._smoothing_changed)
        self._smoothing_changed(self._slider.value())
        self._log = QToolButton()
        self._log.setText(tr("Log"))
        self._log.setCheckable(True)
        self._log.setAutoRaise(True)
        self._log.setToolTip(tr("Show the loss on a logarithmic scale."))
        self._log.toggled.connect(self.loss_chart.set_log)
        self.loss_chart.header.addWidget(self._smooth_label)
        self.loss_chart.header.addWidget(self._slider)
        self.loss_chart.header.addWidget(self._log)
        self._choice = QComboBox()
        self._choice.setAccessibleName(tr("Metric"))
        self._choice.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.metric_chart.header.insertWidget(0, self._choice)

    @property
    def smoothing(self) -> float:
        """How much each batch leaves of the old average of the loss, from 0 to 0.99."""
        return float(self._slider.value() / 100)

    def _smoothing_changed(self, value: int) -> None:
        self._slider.setToolTip(
            tr("Smoothing {value}: how much of the past each point keeps.", value=value / 100)
        )
        self.changed.emit()

    def show_curves(self, curves: RunCurves, before: RunCurves | None) -> None:
        """Draw a run, with the run before as a faint line."""
        self._offer(curves.metrics)
        self._show_loss(curves, before)
        self._show_metric(curves, before)

    def show_next(self, curves: RunCurves, before: RunCurves | None) -> bool:
        """Draw the charts one after another, one a call; returns whether all are drawn."""
        self._offer(curves.metrics)
        if self._loss_next:
            self._show_loss(curves, before)
            self._loss_next = not self._names
        else:
            self._show_metric(curves, before)
            self._loss_next = True
        return self._loss_next

    def _show_loss(self, curves: RunCurves, before: RunCurves | None) -> None:
        self.loss_chart.show_data(curves.loss_data(before))

    def _show_metric(self, curves: RunCurves, before: RunCurves | None) -> None:
        name = self._choice.currentData()
        if name:
            self.metric_chart.show_data(curves.metric_data(name, before))

    def rehearse(self) -> None:
        """Draw a run that never was, out of sight: the first picture of all is the slowest."""
        steps = np.arange(1.0, 41.0)
        line, points = (steps, 1 / steps), (steps[[19, 39]], np.array([0.5, 0.4]))
        data = ChartData(("", "", ""), line, line, points, points, batches=20, total=60)
        for chart in (self.loss_chart, self.metric_chart):
            chart.show_data(data)
            chart.grab()
            chart.show_data(ChartData())

    def follow(self) -> None:
        """Show whole runs again after a zoom."""
        self.loss_chart.follow()
        self.metric_chart.follow()

    def follow_next(self) -> None:
        """Show the run that is drawn next as a whole."""
        self.loss_chart.follow_next()
        self.metric_chart.follow_next()

    def _offer(self, names: list[str]) -> None:
        """Offer metrics; a single one needs no choice."""
        if names == self._names:
            return
        self._names = names
        chosen = self._choice.currentData()
        self._choice.blockSignals(True)
        self._choice.clear()
        for name in names:
            self._choice.addItem(metric_title(name), name)
        self._choice.setCurrentIndex(max(0, self._choice.findData(chosen)))
        self._choice.blockSignals(False)
        self._choice.setVisible(len(names) > 1)
        self.metric_chart.legend.set_title(metric_title(names[0]) if len(names) == 1 else "")
        self.metric_chart.setVisible(bool(names))

    def _hovered(self, step: float | None) -> None:
        self.loss_chart.show_cursor(step)
        self.metric_chart.show_cursor(step)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= WIDTH_FOR_LABEL
        self._smooth_label.setVisible(wide)
        self._slider.setFixedWidth(88 if wide else 56)

    def _restyle(self) -> None:
        font = self._theme.font(12)
        for widget in (self._smooth_label, self._log, self._choice):
            widget.setFont(font)
        color = self._theme.colors.text_secondary.name()
        self._smooth_label.setStyleSheet(f"color: {color};")
