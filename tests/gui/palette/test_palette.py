"""The palette finds layers and hands them out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDrag, QFontMetrics
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.layers import CATEGORIES, LAYERS
from gui.i18n import set_language
from gui.layer_search import find_layers
from gui.palette.panel import KEY, MIME, PalettePanel
from gui.theme import Theme


@pytest.fixture
def panel(qtbot: QtBot, light_theme: Theme) -> PalettePanel:
    panel = PalettePanel(light_theme)
    qtbot.addWidget(panel)
    panel.resize(232, 700)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def chinese() -> Iterator[None]:
    set_language("zh_CN")
    yield
    set_language("en")


def keys(query: str) -> list[str]:
    return [spec.key for spec in find_layers(query)]


def test_every_layer_is_in_its_category(panel: PalettePanel) -> None:
    tree = panel.tree
    groups = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    # Behind the layers come the built-in blocks.
    assert len(groups) > len(CATEGORIES)
    for category, group in zip(CATEGORIES, groups, strict=False):
        rows = [group.child(number).data(0, KEY) for number in range(group.childCount())]
        own = [spec for spec in LAYERS if spec.category == category]
        assert rows == [spec.key for spec in own if not (spec.held or spec.hidden)]
        assert all(group.child(number).toolTip(0) for number in range(group.childCount()))


def test_names_that_begin_with_the_search_come_first() -> None:
    found = keys("conv")
    assert set(found[:2]) == {"Conv1D", "Conv2D"}
    assert found.index("Conv2D") < found.index("SeparableConv2D")


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("dense", "Dense"),
        ("DENSE", "Dense"),
        ("fully connected", "Dense"),
        ("全连接", "Dense"),
        ("卷积", "Conv2D"),
        ("词向量", "Embedding"),
        ("max pool", "MaxPooling2D"),
    ],
)
def test_layers_are_found_by_name_and_purpose(query: str, key: str) -> None:
    assert key in keys(query)


def test_layers_are_found_by_translated_help(chinese: None) -> None:
    assert "BatchNormalization" in keys("归一")


def test_nothing_found_is_said(panel: PalettePanel, qtbot: QtBot) -> None:
    panel.field.setText("qqqq")
    assert panel.tree.topLevelItemCount() == 1
    with qtbot.assertNotEmitted(panel.layer_activated):
        QTest.keyClick(panel.field, Qt.Key.Key_Return)


def test_enter_in_the_search_gives_the_first_layer(panel: PalettePanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.field, "lstm")
    with qtbot.waitSignal(panel.layer_activated) as activated:
        QTest.keyClick(panel.field, Qt.Key.Key_Return)
    assert activated.args == ["LSTM"]


def test_arrow_keys_go_from_the_search_into_the_list(panel: PalettePanel, qtbot: QtBot) -> None:
    QTest.keyClicks(panel.field, "pooling")
    QTest.keyClick(panel.field, Qt.Key.Key_Down)
    first = panel.tree.currentItem()
    assert first.data(0, KEY) == keys("pooling")[0]
    QTest.keyClick(panel.tree, Qt.Key.Key_Down)
    assert panel.tree.currentItem().data(0, KEY) == keys("pooling")[1]


def test_a_double_click_gives_the_layer(panel: PalettePanel, qtbot: QtBot) -> None:
    panel.field.setText("dropout")
    row = panel.tree.visualItemRect(panel.tree.topLevelItem(0)).center()
    port = panel.tree.viewport()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=row)
    with qtbot.waitSignal(panel.layer_activated) as activated:
        QTest.mouseDClick(port, Qt.MouseButton.LeftButton, pos=row)
    assert activated.args == ["Dropout"]


def test_a_closed_category_stays_closed_after_a_search(panel: PalettePanel) -> None:
    panel.tree.topLevelItem(0).setExpanded(False)
    panel.field.setText("dense")
    panel.field.clear()
    assert not panel.tree.topLevelItem(0).isExpanded()
    assert panel.tree.topLevelItem(1).isExpanded()


def test_the_longest_name_is_whole(panel: PalettePanel) -> None:
    tree = panel.tree
    width = tree.viewport().width()
    metrics = QFontMetrics(tree.font())
    for spec in (spec for spec in LAYERS if not (spec.held or spec.hidden)):
        item = tree.findItems(spec.title, Qt.MatchFlag.MatchRecursive)[0]
        tree.scrollToItem(item)
        room = width - tree.visualItemRect(item).left() - tree.iconSize().width() - 12
        assert metrics.horizontalAdvance(spec.title) <= room, spec.title


def test_a_dragged_layer_carries_its_key(
    panel: PalettePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[bytes] = []

    def run(drag: QDrag, *_: object) -> Qt.DropAction:
        carried.append(bytes(drag.mimeData().data(MIME).data()))
        assert not drag.pixmap().isNull()
        return Qt.DropAction.IgnoreAction

    monkeypatch.setattr(QDrag, "exec", run)
    panel.field.setText("lstm")
    panel.tree.select_first()
    panel.tree.startDrag(Qt.DropAction.CopyAction)
    assert carried == [b"LSTM"]


@pytest.mark.parametrize("query", ["downsample", "downsampling", "下采样"])
def test_a_purpose_finds_pooling_and_strided_convolutions(query: str) -> None:
    found = {spec.key for spec in find_layers(query)}
    assert {"MaxPooling2D", "AveragePooling1D", "Conv2D", "DepthwiseConv2D"} <= found
    assert not {"Dense", "UpSampling2D", "LSTM"} & found


def test_a_parameter_finds_the_layers_that_have_it() -> None:
    assert {"Conv2D", "MaxPooling2D"} <= {spec.key for spec in find_layers("strides")}
