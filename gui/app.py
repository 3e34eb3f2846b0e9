"""Builds the application from its parts and runs it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from engine.settings import Settings, load_settings
from gui.bridge import Engine
from gui.i18n import set_language
from gui.main_window import MainWindow
from gui.theme import Theme


@dataclass
class Application:
    """The parts of a running program."""

    qt: QApplication
    theme: Theme
    settings: Settings
    engine: Engine
    window: MainWindow

    def close(self) -> None:
        """End the engine and close the window without asking."""
        self.engine.close()
        self.window.hide()
        self.window.deleteLater()


def build(
    *files: Path,
    theme_mode: str | None = None,
    language: str | None = None,
    start_engine: bool = True,
) -> Application:
    """Build the program and show its window.

    Args:
        files: Documents to open; without any the start page is shown.
        theme_mode: "light", "dark" or "system" instead of the user's choice.
        language: A language instead of the user's choice.
        start_engine: Whether the engine process starts too.
    """
    qt = QApplication.instance()
    if not isinstance(qt, QApplication):
        qt = QApplication(sys.argv[:1])
    qt.setApplicationName("Netloom")
    settings = load_settings()
    _translate_qt(qt, set_language(settings.language if language is None else language))
    theme = Theme(theme_mode or settings.theme)
    theme.apply(qt)
    engine = Engine()
    engine.ready.connect(_warm_up)  # Until then all cores have something to do.
    window = MainWindow(theme, engine, settings)
    for file in files:
        window.open_path(file)
    window.show()
    QTimer.singleShot(0, window, window.offer_recovered)
    if start_engine:
        # After the first paint: starting a process takes some milliseconds too.
        QTimer.singleShot(0, engine.start)
    return Application(qt, theme, settings, engine, window)


def _translate_qt(qt: QApplication, language: str) -> None:
    """Let Qt's own texts, of file dialogs and menus of text fields, speak a language too."""
    for before in qt.findChildren(QTranslator):
        qt.removeTranslator(before)
        before.deleteLater()
    translator = QTranslator(qt)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if language != "en" and translator.load(f"qtbase_{language}", folder):
        qt.installTranslator(translator)


def _warm_up(_: object) -> None:
    """Start the process that reads HDF5 files ahead of the first one."""
    from engine.formats.apart.asking import READERS

    READERS.warm_up()


def run(files: Sequence[Path]) -> int:
    """Run the program until its window closes; returns the exit code."""
    application = build(*files)
    # Python handles signals only between bytecodes: a timer gives it the chance.
    signal.signal(signal.SIGINT, lambda *_: application.qt.quit())
    heartbeat = QTimer()
    heartbeat.timeout.connect(lambda: None)
    heartbeat.start(500)
    code = application.qt.exec()
    application.engine.close()
    return code
