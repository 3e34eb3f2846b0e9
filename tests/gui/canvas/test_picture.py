"""Pictures of networks in files."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtSvg import QSvgRenderer
from pytestqt.qtbot import QtBot

from engine.errors import FileProblem
from gui.canvas.picture import Picture
from gui.canvas.view import CanvasView
from gui.session import Session
from gui.theme import PAPER, Theme


def colors(image: QImage) -> int:
    small = image.scaled(QSize(200, 200))
    return len({small.pixel(x, y) for x in range(200) for y in range(200)})


def test_svg_holds_words_not_pixels(lenet_session: Session, tmp_path: Path) -> None:
    path = tmp_path / "net.svg"
    picture = Picture(lenet_session, Theme(PAPER))
    picture.save(path, "svg")
    content = path.read_text(encoding="utf-8")
    assert ">Conv2D</text>" in content and "<image" not in content
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    assert renderer.viewBoxF().size() == picture.rect.size()
    picture.close()


@pytest.mark.parametrize("scale", [1.0, 3.0])
def test_png_at_any_scale(lenet_session: Session, tmp_path: Path, scale: float) -> None:
    path = tmp_path / "net.png"
    picture = Picture(lenet_session, Theme(PAPER))
    picture.save(path, "png", scale)
    image = QImage(str(path))
    assert image.width() == round(picture.rect.width() * scale)
    assert image.pixelColor(0, 0).name() == "#ffffff"
    assert colors(image) > 20
    picture.close()


def test_pdf_is_one_page_as_large_as_the_network(lenet_session: Session, tmp_path: Path) -> None:
    path = tmp_path / "net.pdf"
    Picture(lenet_session, Theme(PAPER)).save(path, "pdf")
    content = path.read_bytes()
    assert content.startswith(b"%PDF-") and b"/Count 1" in content
    assert content.rstrip().endswith(b"%%EOF")


def test_only_the_selection_without_a_ground(lenet_session: Session) -> None:
    whole = Picture(lenet_session, Theme(PAPER))
    part = Picture(lenet_session, Theme("dark"), only={"conv1", "pool1"}, background=False)
    assert part.rect.height() < whole.rect.height() / 2
    assert part.image(1.0).pixelColor(0, 0).alpha() == 0


def test_a_picture_that_cannot_be_written_leaves_the_old_one(
    lenet_session: Session, tmp_path: Path
) -> None:
    with pytest.raises(FileProblem):
        Picture(lenet_session, Theme(PAPER)).save(tmp_path / "missing" / "net.svg", "svg")


def test_the_bar_saves_and_copies(
    qtbot: QtBot, light_theme: Theme, lenet_session: Session, tmp_path: Path
) -> None:
    view = CanvasView(light_theme, lenet_session)
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    view.picture_bar.open()
    said: list[str] = []
    lenet_session.posted.connect(lambda words, _: said.append(str(words)))
    view.picture_bar.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").stat().st_size > 1000
    assert not view.picture_bar.isVisible()
    view.picture_bar.open()
    view.picture_bar._copy.click()
    assert not QGuiApplication.clipboard().image().isNull()
    assert len(said) == 2
    view.picture_bar.save(tmp_path / "missing" / "a.svg")
    assert len(said) == 3
