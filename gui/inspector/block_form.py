"""The inspector's form of a block: its name, its parameters, its repeats, its links."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from engine.blocks.changing import made_as
from engine.graph.blocks import LONGEST_TITLE
from engine.graph.mirroring import linked
from engine.graph.nesting import children, members
from engine.graph.repeating import MOST_REPEATS, repeats, row_of
from gui.fields.form import LABEL_WIDTH, Form
from gui.i18n import tr
from gui.inspector.pretrained_rows import PretrainedRows
from gui.labels import Label, wrapped
from gui.session import Session
from gui.theme import Theme


class BlockForm(QFrame):
    """Shown while the selection is exactly one block.

    Signals:
        renamed: Carries the block's id and a title.
        repeated: Carries the block's id and how often it shall follow itself.
        unlinked: Carries the block's id.
        kept: The block shall come into the library; carries its id.
        changed: A parameter of a built-in block; carries the block's id, its name and value.
        left: The focus has left a parameter.
        imagenet_wanted: The weights of ImageNet are wanted; carries the block's id.
        frozen: The first parts of the block shall be frozen; carries its id and how many.
    """

    renamed = Signal(str, str)
    repeated = Signal(str, int)
    unlinked = Signal(str)
    kept = Signal(str)
    changed = Signal(str, str, object)
    left = Signal()
    imagenet_wanted = Signal(str)
    frozen = Signal(str, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._block = self._unit = ""
        self._shown_times = 1
        self._heading = Label(tr("Block"))
        self._heading.setProperty("role", "title")
        self._facts = wrapped("secondary")
        self._name = QLineEdit()
        self._name.setAccessibleName(tr("Name"))
        self._name.setMaxLength(LONGEST_TITLE)
        self._name.textEdited.connect(self._typed)
        self._times = QLineEdit()
        self._times.setValidator(QIntValidator(1, MOST_REPEATS, self))
        self._times.setAccessibleName(tr("Repeat"))
        self._times.editingFinished.connect(lambda: self._step(0))
        repeat = QHBoxLayout()
        repeat.setSpacing(theme.xs)
        repeat.addWidget(self._times, 1)
        for sign, step in (("−", -1), ("+", 1)):
            button = QPushButton(sign)
            button.setFixedWidth(36)
            button.setAccessibleName(tr("Fewer") if step < 0 else tr("More"))
            button.clicked.connect(lambda _=False, step=step: self._step(step))
            repeat.addWidget(button)
        self.params = Form(theme)
        self.params.edited.connect(lambda name, value: self.changed.emit(self._unit, name, value))
        self.params.left.connect(self.left)
        self.pretrained = PretrainedRows(theme)
        self.pretrained.imagenet_wanted.connect(lambda: self.imagenet_wanted.emit(self._unit))
        self.pretrained.frozen.connect(lambda count: self.frozen.emit(self._unit, count))
        self._purpose = wrapped("secondary")
        self._linked = wrapped("secondary")
        self._unlink = QPushButton(tr("Unlink"))
        self._unlink.clicked.connect(lambda: self.unlinked.emit(self._block))
        self._keep = QPushButton(tr("Save to my blocks"))
        self._keep.clicked.connect(lambda: self.kept.emit(self._block))
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(theme.s)
        form.addRow(_label(tr("Name")), self._name)
        form.addRow(_label(tr("Repeat")), repeat)
        row = QHBoxLayout()
        for button in (self._unlink, self._keep):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.m)
        for part in (self._heading, self._facts, self._purpose):
            column.addWidget(part)
        column.addLayout(form)
        for form_part in (self.params, self.pretrained, self._linked):
            column.addWidget(form_part)
        column.addLayout(row)

    def _step(self, step: int) -> None:
        times = int(self._times.text() or self._shown_times) + step
        times = max(1, min(times, MOST_REPEATS))
        self._times.setText(str(times))
        self._times.setModified(False)
        if times != self._shown_times:
            self.repeated.emit(self._block, times)

    def _typed(self, words: str) -> None:
        if words.strip():
            self.renamed.emit(self._block, words)

    def show_block(self, session: Session, block_id: str) -> None:
        """Show a block; "" shows nothing."""
        self.setVisible(bool(block_id))
        if not block_id:
            return
        network = session.document.network
        block = network.blocks[block_id]
        same, self._block = block_id == self._block, block_id
        inside = members(network, block_id)
        params = sum(session.facts[node].params for node in inside if node in session.facts)
        self._facts.setText(
            tr("{count} layers · {params} parameters", count=len(inside), params=f"{params:,}")
        )
        if not (same and self._name.hasFocus()):
            self._name.setText(block.title)
        row = row_of(network, block_id)
        unit = children(network, row)[0].id if row else block_id
        self._shown_times = repeats(network, block_id)
        if not (same and self._times.hasFocus() and self._times.isModified()):
            self._times.setText(str(self._shown_times))
        self._show_params(session, unit)
        self.pretrained.show_block(network, unit)
        others = len(linked(network, unit))
        self._linked.setVisible(others > 0)
        self._linked.setText(
            tr("What you change here changes in {count} linked blocks, too.", count=others)
        )
        self._unlink.setVisible(others > 0 and not row)

    def _show_params(self, session: Session, unit: str) -> None:
        """Show the parameters that a built-in block was made from; nothing for others."""
        self._unit = unit
        network = session.document.network
        made, spec = network.blocks[unit].made, made_as(network, unit)
        for part in (self.params, self._purpose):
            part.setVisible(spec is not None)
        if spec is not None and made is not None:
            self._purpose.setText(tr(spec.help()))
            self.params.set_fields(spec.fields, spec.complete(made.params))


def _label(words: str) -> QLabel:
    """Return a label as wide as those of the parameters below."""
    label = Label(words)
    label.setFixedWidth(LABEL_WIDTH)
    return label
