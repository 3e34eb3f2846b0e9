"""A model of others by hand: open, look inside, export, other weights. Run under Xvfb by its test.

Arguments: the folder with model.h5 and other.h5, where pictures and model.onnx go too; and
"light" or "dark".
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QPushButton,
    QTreeView,
    QTreeWidget,
    QWidget,
)

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]


def main(out: Path, theme: str) -> int:  # noqa: C901 - one scenario, told in order
    """Play the scenario; prints what went wrong."""
    from driver import Driver

    from gui.app import build

    app = build(theme_mode=theme, language="en")
    window = app.window
    window.resize(1280, 800)
    window.move(0, 0)
    window.settings.folder = str(out)

    def scenario(driver: Driver) -> None:
        driver.until(window.start_page.isVisible, "the window")
        driver.ask(window.activateWindow)
        driver.until(QGuiApplication.focusWindow, "the focus")
        picture(driver, "1-start")
        driver.click(driver.place(button(window.start_page, "Open…")))
        choose_file(driver, out / "model.h5")
        driver.until(lambda: window.session is not None, "a document")
        session = window.session
        nodes = session.document.network.nodes
        driver.until(lambda: "conv" in nodes, "the layers")
        assert not session.problems, session.problems
        driver.click(card(driver, "conv"))
        driver.until(lambda: session.selection == {"conv"}, "the layer selected")
        driver.until(lambda: kernels() is not None, "the kernels on the screen")
        driver.until(lambda: not session.loading, "the weights")
        picture(driver, "2-opened")
        export(driver)
        other_weights(driver, session)

    def export(driver: Driver) -> None:
        driver.key("ctrl+shift+e")
        driver.until(lambda: window.sheets.export is not None, "the sheet")
        sheet = window.sheets.export
        driver.until(sheet.isVisible, "the sheet on the screen")
        driver.click(row_of(driver, sheet.formats, "ONNX"))
        detail = sheet.detail
        driver.until(lambda: detail.path.text().endswith(".onnx"), "the format")
        driver.click(driver.place(detail.path))
        driver.type(str(out / "model.onnx"))
        driver.click(driver.place(detail.button))
        driver.until(lambda: detail.result.isVisible() or detail.sentence.isVisible(), "an end")
        assert detail.result.isVisible(), detail.sentence.text()
        picture(driver, "3-exported")
        driver.key("Escape")
        driver.until(lambda: not sheet.isVisible(), "the sheet gone")

    def other_weights(driver: Driver, session: object) -> None:
        driver.key("ctrl+k")
        driver.until(window.sheets.commands.isVisible, "the command box")
        driver.write("Load weights")
        driver.key("Return")
        choose_file(driver, out / "other.h5")
        driver.until(lambda: window.sheets.weights is not None, "the table")
        sheet = window.sheets.weights
        driver.until(lambda: sheet.button.isVisible() and sheet.button.isEnabled(), "what fits")
        picture(driver, "4-weights")
        before = driver.ask(lambda: session.history.place)
        old = driver.ask(kernels)
        driver.click(driver.place(sheet.button))
        driver.until(lambda: session.history.place == before + 1, "the weights in the history")
        driver.until(lambda: not sheet.isVisible(), "the table gone")
        driver.until(lambda: (kernels() != old).any(), "other kernels on the screen")
        picture(driver, "5-grafted")
        driver.click(driver.place(window.view.viewport(), QPoint(40, 40)))
        driver.key("ctrl+z")
        driver.until(lambda: session.history.place == before, "undo")
        driver.until(lambda: (kernels() == old).all(), "the first kernels again")

    def kernels() -> object:
        panel = window.bottom.panel("results")
        return panel.probed.pictures[0].values.numpy() if panel.probed is not None else None

    def picture(driver: Driver, name: str) -> None:
        path = str(out / f"{name}.png")
        driver.ask(lambda: window.screen().grabWindow(0, 0, 0, 1280, 800).save(path))

    def button(parent: QWidget, words: str) -> QWidget:
        return next(one for one in parent.findChildren(QPushButton) if one.text() == words)

    def card(driver: Driver, node: str) -> tuple[int, int]:
        view = window.view
        middle = driver.ask(lambda: view.mapFromScene(view.network.nodes[node].card().center()))
        return driver.place(view.viewport(), middle)

    def row_of(driver: Driver, tree: QTreeWidget, words: str) -> tuple[int, int]:
        def where() -> QPoint:
            flags = Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchRecursive
            return tree.visualItemRect(tree.findItems(words, flags)[0]).center()

        return driver.place(tree.viewport(), driver.ask(where))

    def choose_file(driver: Driver, path: Path) -> None:
        def dialog() -> QFileDialog | None:
            return next(iter(window.findChildren(QFileDialog)), None)

        driver.until(lambda: dialog() is not None and dialog().isVisible(), "the file dialog")
        files = driver.ask(lambda: dialog().findChild(QTreeView, "treeView"))

        def row() -> QRect:
            found = files.model().match(
                files.model().index(0, 0, files.rootIndex()), Qt.ItemDataRole.DisplayRole, path.name
            )
            return files.visualRect(found[0]) if found else QRect()

        driver.until(lambda: not row().isEmpty(), f"{path.name} in the list")
        driver.click(driver.place(files.viewport(), driver.ask(lambda: row().center())), times=2)
        driver.until(lambda: dialog() is None or not dialog().isVisible(), "the dialog gone")

    # Native dialogs belong to the desktop; Qt's own can be typed into anywhere.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    return Driver(scenario).play(app, out)


if __name__ == "__main__":
    code = main(Path(sys.argv[1]), sys.argv[2])
    sys.stderr.flush()
    # The window holds an unsaved document; there is nobody to ask.
    os._exit(code)
