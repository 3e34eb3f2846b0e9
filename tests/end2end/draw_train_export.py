"""The main job by hand: draw, wire, train, stop, export. Started by the test under Xvfb."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]


def main(out: Path) -> int:  # noqa: C901 - one scenario, told in order
    """Play the scenario; prints what went wrong."""
    from driver import Driver

    from gui.app import build

    app = build(theme_mode="light", language="en")
    window = app.window
    window.resize(1280, 800)
    window.move(0, 0)

    def tree_spot(key: str) -> tuple[QWidget, QPoint]:
        tree = window.palette_panel.tree
        found = tree.findItems(key, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive)
        tree.scrollToItem(found[0])
        return tree.viewport(), tree.visualItemRect(found[0]).center()

    def on_canvas(x: float, y: float) -> QPoint:
        rect: QRect = window.view.viewport().rect()
        return QPoint(int(rect.width() * x), int(rect.height() * y))

    def port(node: str, side: str) -> QPoint:
        item = window.view.network.nodes[node]
        point = item.output_point() if side == "out" else item.input_point(0)
        return window.view.mapFromScene(point)

    def scenario(driver: Driver) -> None:
        page = window.start_page
        new = next(
            button
            for button in page.findChildren(QWidget)
            if getattr(button, "text", lambda: "")() == "New network"
        )
        driver.until(new.isVisible, "the window")
        # The virtual screen has no window manager to give the window the focus.
        driver.ask(window.activateWindow)
        driver.until(QGuiApplication.focusWindow, "the focus")
        driver.click(driver.place(new))
        driver.until(lambda: window.session is not None, "an empty document")
        session = window.session
        view = window.view
        for number, key in enumerate(("Input", "Flatten", "Dense")):
            widget, row = driver.ask(lambda key=key: tree_spot(key))
            target = driver.ask(lambda number=number: on_canvas(0.5, 0.15 + 0.3 * number))
            driver.drag(driver.place(widget, row), driver.place(view.viewport(), target))
            driver.until(
                lambda number=number: len(session.document.network.nodes) == number + 1,
                f"{key} on the canvas",
            )
        for source, target in (("input", "flatten"), ("flatten", "dense")):
            start = driver.ask(lambda source=source: port(source, "out"))
            end = driver.ask(lambda target=target: port(target, "in"))
            driver.drag(driver.place(view.viewport(), start), driver.place(view.viewport(), end))
            driver.until(
                lambda target=target: session.document.network.inputs(target),
                f"the wire to {target}",
            )
        edit(driver, "input", "shape", "8, 8, 1")
        driver.until(lambda: params("input").get("shape") == [8, 8, 1], "the shape")
        edit(driver, "dense", "units", "10")
        driver.until(lambda: params("dense").get("units") == 10, "ten units")
        box = driver.ask(lambda: window.inspector.form.editors["activation"].inputs()[0])
        driver.click(driver.place(box))
        driver.until(QApplication.activePopupWidget, "the list of activations")
        driver.write("softmax")
        driver.key("Return")
        driver.until(lambda: params("dense").get("activation") == "softmax", "softmax")
        recipe(driver, "epochs", "50000")
        driver.until(lambda: session.document.recipe.epochs == 50000, "the epochs")
        driver.until(lambda: window.actions_["train"].isEnabled(), "an engine that is ready")
        driver.click(driver.place(button_of("train")))
        driver.until(lambda: len(session.run.losses) > 1000, "a falling loss")
        driver.ask(lambda: window.grab().save(str(out / "training.png")))
        driver.until(lambda: button_of("stop").isEnabled(), "the stop button")
        driver.click(driver.place(button_of("stop")))
        driver.until(lambda: session.run.ended is not None, "the end of the run")
        assert session.run.ended.status == "stopped"
        driver.key("ctrl+shift+e")
        driver.until(lambda: window.sheets.export is not None, "the sheet")
        detail = window.sheets.export.detail
        driver.click(driver.place(detail.path))
        driver.type(str(out / "drawn.h5"))
        driver.key("Return")
        driver.until(lambda: (out / "drawn.h5").exists(), "the exported file")
        driver.until(lambda: detail.result.isVisible(), "how it went")
        driver.key("Escape")
        driver.until(lambda: not window.sheets.export.isVisible(), "the sheet gone")

    def params(node: str) -> dict:
        return window.session.document.network.nodes[node].params

    def button_of(key: str) -> QWidget:
        return window.toolbar.widgetForAction(window.actions_[key])

    def edit(driver: Driver, node: str, name: str, words: str) -> None:
        middle = driver.ask(
            lambda: window.view.mapFromScene(window.view.network.nodes[node].card().center())
        )
        driver.click(driver.place(window.view.viewport(), middle))
        driver.until(lambda: name in window.inspector.form.editors, f"the form of {node}")
        line = driver.ask(lambda: window.inspector.form.editors[name].inputs()[0])
        driver.until(lambda: line.isVisible() and line.width() > 20, "the field")
        driver.click(driver.place(line))
        driver.type(words)

    def recipe(driver: Driver, name: str, words: str) -> None:
        corner = driver.ask(lambda: on_canvas(0.06, 0.08))
        driver.click(driver.place(window.view.viewport(), corner))
        driver.until(lambda: not window.session.selection, "nothing selected")
        driver.until(lambda: window.inspector.document_form is not None, "the recipe form")
        form = window.inspector.document_form
        line = driver.ask(lambda: form.plain.editors[name].inputs()[0])
        driver.ask(lambda: reveal(form, line))
        driver.click(driver.place(line))
        driver.type(words)

    def reveal(form: QWidget, line: QWidget) -> None:
        from PySide6.QtWidgets import QScrollArea

        form.findChild(QScrollArea).ensureWidgetVisible(line, 0, 60)

    # Native dialogs belong to the desktop; Qt's own can be typed into anywhere.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    failed = Driver(scenario).play(app, out)
    loaded = [name for name in sys.modules if name.split(".")[0] in ("tensorflow", "keras")]
    if loaded:
        print(f"the window's process imported {loaded[:3]}", file=sys.stderr)
    return 1 if failed or loaded else 0


if __name__ == "__main__":
    code = main(Path(sys.argv[1]))
    sys.stderr.flush()
    # The window holds an unsaved document; there is nobody to ask.
    os._exit(code)
