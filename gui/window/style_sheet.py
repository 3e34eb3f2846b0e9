"""Qt's style sheet, made of the theme's tokens."""

from __future__ import annotations

import dataclasses
from typing import Any

TEMPLATE = """
QToolTip { background: $surface_raised; color: $text; border: 1px solid $border;
 padding: 4px 6px; }
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: $border; width: 1px; height: 1px; }
QToolBar { background: $surface; border: none; border-bottom: 1px solid $border; spacing: 4px;
 padding: 6px 8px; }
QToolBar::separator { background: $border; width: 1px; margin: 4px 6px; }
QToolButton { border: none; border-radius: $radiuspx; padding: 5px 8px; color: $text; }
QToolButton:hover { background: $window; }
QToolButton:pressed, QToolButton:checked { background: $accent_soft; }
QToolButton:disabled { color: $text_disabled; }
QToolButton:focus { outline: none; background: $accent_soft; }
QToolButton[primary="true"] { background: $accent; color: $accent_text; font-weight: 600;
 padding: 5px 12px; }
QToolButton[primary="true"]:hover { background: $accent_hover; }
QToolButton[primary="true"]:disabled { background: $border; color: $text_disabled; }
QStatusBar { background: $surface; border-top: 1px solid $border; color: $text_secondary; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $text_secondary; font-size: 12px; }
QMenuBar { background: $surface; border: none; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $accent_soft; }
QMenu { background: $surface_raised; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QPushButton { background: $surface; border: 1px solid $border_strong; border-radius: $radiuspx;
 padding: 5px 12px; color: $text; min-height: 16px; }
QPushButton:hover { background: $window; }
QPushButton:pressed { background: $accent_soft; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $text_disabled; border-color: $border; }
QPushButton[primary="true"] { background: $accent; border-color: $accent; color: $accent_text;
 font-weight: 600; }
QPushButton[primary="true"]:disabled { background: $border; border-color: $border;
 color: $text_disabled; }
QPushButton[flat="true"] { background: transparent; border: none; }
QPushButton[role="row"] { text-align: left; padding: 4px 8px; color: $text; }
QPushButton[flat="true"]:hover { background: $accent_soft; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit { background: $surface;
 border: 1px solid $border_strong; border-radius: $radiuspx; padding: 4px 8px; color: $text;
 selection-background-color: $selection; selection-color: $text; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus,
QTextEdit:focus { border-color: $accent; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled
 { color: $text_disabled; border-color: $border; }
QLineEdit[wrong="true"], QComboBox[wrong="true"], QSpinBox[wrong="true"]
 { border-color: $error; background: $error_soft; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url($arrow); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $surface_raised; border: 1px solid $border;
 outline: none; selection-background-color: $accent_soft; selection-color: $text; }
QCheckBox, QRadioButton { spacing: 8px; color: $text; }
QCheckBox:disabled { color: $text_disabled; }
QTabWidget::pane { border: none; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $text_secondary; padding: 7px 12px; border: none;
 border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:focus { color: $accent; }
QListView, QTreeView, QTableView { background: $surface; border: none; outline: none;
 color: $text; alternate-background-color: $window; }
QListView::item, QTreeView::item { padding: 4px 8px; border-radius: 4px; }
QListView::item:hover, QTreeView::item:hover { background: $window; }
QListView::item:selected, QTreeView::item:selected { background: $accent_soft; color: $text; }
QTableView { gridline-color: $border; }
QHeaderView::section { background: $surface; color: $text_secondary; border: none;
 border-bottom: 1px solid $border; padding: 4px 8px; }
QTableCornerButton::section { background: $surface; border: none; }
QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border_strong; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text_disabled; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $border; }
QSplitter::handle:hover { background: $accent; }
QProgressBar { background: $border; border: none; border-radius: 3px; max-height: 6px;
 text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSlider::groove:horizontal { background: $border; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal { background: $accent; width: 12px; height: 12px; margin: -4px 0;
 border-radius: 6px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QToolButton[role="fix"] {
    color: $accent; background: $surface; border: 1px solid $border; border-radius: 6px;
    padding: 2px 8px;
}
QToolButton[role="fix"]:hover { border-color: $accent; background: $accent_soft; }
QToolButton[role="fix"][popupMode="1"] { padding-right: 24px; }
QToolButton[role="fix"]::menu-button { border: none; width: 20px; }
QLabel[role="title"] { font-size: 15px; font-weight: 600; color: $text; }
QLabel[role="heading"] { font-size: 11px; font-weight: 600; color: $text_secondary; }
QLabel[role="secondary"] { font-size: 12px; color: $text_secondary; }
QLabel[role="error"] { font-size: 12px; color: $error; }
QLabel[role="advice"] { font-size: 12px; color: $accent; }
QLabel[role="warning"] { font-size: 12px; color: $warning; }
QFrame[role="panel"] { background: $surface; border: none; }
QFrame[role="line"] { background: $border; border: none; max-height: 1px; min-height: 1px; }
"""


def style_sheet(colors: Any, radius: int, arrow: str) -> str:
    """Fill the tokens of a mode into the style sheet.

    Args:
        colors: The theme's `Colors`.
        radius: Radius of cards and fields in pixels.
        arrow: Path of the picture of a combo box's arrow.
    """
    sheet = TEMPLATE.replace("$radius", str(radius)).replace("$arrow", arrow)
    tokens = {field.name: getattr(colors, field.name) for field in dataclasses.fields(colors)}
    tokens["accent_hover"] = colors.accent.lighter(110)
    # Longer names first: "$text_secondary" begins with "$text".
    for name, value in sorted(tokens.items(), key=lambda token: len(token[0]), reverse=True):
        rgba = f"rgba({value.red()}, {value.green()}, {value.blue()}, {value.alpha()})"
        sheet = sheet.replace(f"${name}", rgba)
    return sheet
