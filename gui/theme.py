"""Colors, type, spacing and icons of the window, from the tokens in `resources/themes`."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from engine.paths import RESOURCES
from gui.window.style_sheet import style_sheet

MODES = ("light", "dark", "contrast", "system")
# Black on white, for pictures in print.
PAPER = "paper"
UI_FONTS = ["Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans"]
CJK_FONTS = ["Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "WenQuanYi Micro Hei"]
MONO_FONTS = ["JetBrains Mono", "Cascadia Mono", "SF Mono", "DejaVu Sans Mono", "monospace"]


@dataclass(frozen=True)
class Colors:
    """The color tokens of one mode."""

    window: QColor
    surface: QColor
    surface_raised: QColor
    canvas: QColor
    grid: QColor
    border: QColor
    border_strong: QColor
    text: QColor
    text_secondary: QColor
    text_disabled: QColor
    accent: QColor
    accent_text: QColor
    accent_soft: QColor
    selection: QColor
    error: QColor
    error_soft: QColor
    warning: QColor
    warning_soft: QColor
    success: QColor
    plot_train: QColor
    plot_validation: QColor
    wire: QColor
    wire_active: QColor
    wire_path: QColor
    shadow: QColor


class Theme(QObject):
    """The present look, handed to every panel.

    Signals:
        changed: The mode has changed: take colors and icons anew.

    Attributes:
        mode: "light", "dark" or "contrast".
        colors: The color tokens.
        radius: Radius of cards and fields in pixels.
    """

    changed = Signal()
    xs, s, m, l, xl = 4, 8, 12, 16, 24  # noqa: E741 - the usual names of sizes
    radius = 6

    def __init__(self, mode: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.choice = ""
        self.mode = ""
        self.colors: Colors
        self._categories: dict[str, QColor] = {}
        self._marks: dict[str, QColor] = {}
        self._icons: dict[tuple[str, str], QIcon] = {}
        self.set_mode(mode)
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)

    def set_mode(self, choice: str) -> None:
        """Choose "light", "dark", "contrast" or "system"."""
        self.choice = choice if choice in (*MODES, PAPER) else "system"
        mode = system_mode() if self.choice == "system" else self.choice
        if mode == self.mode:
            return
        self.mode = mode
        tokens: dict[str, Any] = json.loads(
            (RESOURCES / "themes" / f"{mode}.json").read_text(encoding="utf-8")
        )
        self._categories = {key: color(value) for key, value in tokens["categories"].items()}
        self._marks = {key: color(value) for key, value in tokens["marks"].items()}
        names = [field.name for field in dataclasses.fields(Colors)]
        self.colors = Colors(**{name: color(tokens[name]) for name in names})
        self._icons.clear()
        self.changed.emit()

    def category(self, name: str) -> QColor:
        """Return the color of a category of layers; the neutral one for an unknown category."""
        return self._categories.get(name, self.colors.text_secondary)

    def mark(self, name: str) -> QColor:
        """Return the color of a note or a frame."""
        return self._marks.get(name, self.colors.text_secondary)

    def font(self, size: int = 13, weight: int = 400, mono: bool = False) -> QFont:
        """Return the interface's font; `size` in pixels."""
        font = QFont()
        font.setFamilies(MONO_FONTS if mono else [*UI_FONTS, *CJK_FONTS])
        font.setPixelSize(size)
        font.setWeight(QFont.Weight(weight))
        return font

    def icon(self, name: str, tint: QColor | None = None) -> QIcon:
        """Return an icon of `resources/icons` in the text color or in another."""
        tint = tint or self.colors.text_secondary
        key = (name, tint.name(QColor.NameFormat.HexArgb))
        if key not in self._icons:
            icon = QIcon(_painted(name, tint))
            icon.addPixmap(_painted(name, self.colors.text_disabled), QIcon.Mode.Disabled)
            self._icons[key] = icon
        return self._icons[key]

    def apply(self, application: QApplication) -> None:
        """Give the whole application this look, now and after each change."""
        application.setStyle("Fusion")

        # A middle grey that can be seen in both modes: style sheets cannot tint a picture.
        arrow = (RESOURCES / "icons" / "combo-arrow.svg").as_posix()

        def dress() -> None:
            application.setFont(self.font())
            application.setPalette(self.palette())
            application.setStyleSheet(style_sheet(self.colors, self.radius, arrow))

        dress()
        self.changed.connect(dress)

    def palette(self) -> QPalette:
        """Return Qt's palette of this mode."""
        colors, palette = self.colors, QPalette()
        role = QPalette.ColorRole
        for key, value in {
            role.Window: colors.window,
            role.WindowText: colors.text,
            role.Base: colors.surface,
            role.AlternateBase: colors.window,
            role.Text: colors.text,
            role.Button: colors.surface,
            role.ButtonText: colors.text,
            role.BrightText: colors.error,
            role.Highlight: colors.selection,
            role.HighlightedText: colors.text,
            role.ToolTipBase: colors.surface_raised,
            role.ToolTipText: colors.text,
            role.PlaceholderText: colors.text_disabled,
            role.Link: colors.accent,
            role.Accent: colors.accent,
            role.Mid: colors.border,
            role.Dark: colors.border_strong,
            role.Light: colors.surface_raised,
        }.items():
            palette.setColor(key, value)
        for key in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, key, colors.text_disabled)
        return palette

    def _system_changed(self) -> None:
        if self.choice == "system":
            self.set_mode("system")


def system_mode() -> str:
    """Return the mode that the desktop asks for."""
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return "dark" if dark else "light"


def color(value: str) -> QColor:
    """Read "#rrggbb" or "#rrggbbaa"."""
    if len(value) == 9:
        value = "#" + value[7:] + value[1:7]
    return QColor(value)


def _painted(name: str, tint: QColor) -> QPixmap:
    """Draw an icon at twice its size, so that it is sharp on dense screens too."""
    source = (RESOURCES / "icons" / f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(source.replace(b"currentColor", tint.name().encode()))
    pixmap = QPixmap(48, 48)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, 48, 48))
    painter.end()
    return pixmap
