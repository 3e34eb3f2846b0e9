"""Opening, saving and exporting documents for the window."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from engine import library
from engine.blocks import BLOCKS
from engine.blocks.opening import open_application
from engine.errors import FileProblem, NetloomError, WeightsAlone
from engine.formats.exporting import FORMATS
from engine.formats.project import SUFFIX, read_project, write_project
from engine.graph.document import Document
from engine.settings import Settings
from gui.files import file_dialogs
from gui.files.opened import MODELS, Opened
from gui.i18n import tr, tr_text
from gui.session import Session
from gui.window.message_bar import Choice, MessageBar

OPEN_PATTERN = "Netloom, Keras (*.netloom *.h5 *.hdf5 *.keras *.json *.pb *.py)"
HDF5 = (".h5", ".hdf5")
SCRIPT = ".py"
WEIGHT_ENDINGS = ("_weights.h5", ".weights.h5", "_weights.hdf5", ".h5", ".hdf5")
WEIGHTS_PATTERN = "Keras (*.h5 *.hdf5 *.keras *.pb)"


class Files:
    """Talks to the disk; every failure is one sentence in the message bar.

    Args:
        window: Parent of file dialogs.
        settings: Where recent files are kept.
        messages: Where sentences and questions stand.
        inspect: Shows what an HDF5 file holds that is no model.
        run: Runs a script that cannot be read as it stands.
        take: Returns the way to load weights into an open network; None where there is none.
    """

    def __init__(
        self,
        window: QWidget,
        settings: Settings,
        messages: MessageBar,
        inspect: Callable[[Path], object],
        run: Callable[[Path], object],
        take: Callable[[Path], Choice | None],
    ) -> None:
        self._window = window
        self._settings = settings
        self._post, self._ask, self._offer = messages.post, messages.ask, messages.offer
        self._inspect, self._run, self._take = inspect, run, take

    def ask_open(self) -> Path | None:
        """Ask which file to open."""
        return file_dialogs.open_file(self._window, tr("Open"), OPEN_PATTERN, self._settings.folder)

    def read(self, path: Path) -> Document | None:
        """Read a drawing from a project file or from a model's file."""
        opened = self.open(path)
        return opened.document if opened is not None else None

    def open(self, path: Path) -> Opened | None:
        """Read a drawing, and say where its weights are."""
        try:
            if path.suffix.lower() in MODELS or path.is_dir():
                # Only needed here, and slow to import.
                from gui.files.importing import open_model

                opened = open_model(path)
            else:
                opened = Opened(read_project(path))
        except NetloomError as error:
            self._refused(path, error)
            return None
        self._settings.remember(path)
        return opened

    def tell(self, opened: Opened, path: Path, session: Session) -> None:
        """Say what came of opening a file, once its document is in front."""
        close = (tr("Close"), lambda: None)
        weights = weights_beside(path)
        if weights is not None:
            load = partial(session.load_weights, weights, partly=True, later=session.has_errors)
            choice = (tr("Load “{name}”", name=weights.name), load)
            sentence = f"{opened.news} {tr('Its weights seem to lie beside it.')}"
            self._offer(sentence, [choice, close], opened.severity)
        elif opened.news and path.suffix.lower() == SCRIPT and opened.severity == "warning":
            run = (tr("Run the script…"), lambda: self._run(path))
            self._offer(opened.news, [run, (tr("Keep the drawing"), lambda: None)])
        elif opened.news:
            self._post(opened.news, opened.severity)

    def _refused(self, path: Path, error: NetloomError) -> None:
        """Say why a file cannot be opened, and what else can be done with it."""
        ways: list[Choice] = []
        ending = path.suffix.lower()
        taking = self._take(path) if isinstance(error, WeightsAlone) else None
        if taking is not None:
            ways.append(taking)
        if ending == SCRIPT and path.is_file():
            ways.append((tr("Run the script…"), partial(self._run, path)))
        elif ending in HDF5 and _can_be_inspected(path):
            ways.append((tr("Look inside"), partial(self._inspect, path)))
        if ways:
            self._offer(tr_text(error.text), [*ways, (tr("Close"), lambda: None)])
        else:
            self._post(tr_text(error.text), "error")

    def ask_weights(self) -> Path | None:
        """Ask which file holds the weights for the open network."""
        return file_dialogs.open_file(
            self._window, tr("Load weights"), WEIGHTS_PATTERN, self._settings.folder
        )

    def read_template(self, path: Path) -> Document | None:
        """Read a template; it is not one of the user's recent files."""
        try:
            return read_project(path)
        except NetloomError as error:
            self._post(tr_text(error.text), "error")
            return None

    def draw_application(self, key: str) -> Document | None:
        """Draw a model of `keras.applications`, whose data may be missing."""
        spec = BLOCKS.get(key)
        try:
            return open_application(spec, tr(spec.title))
        except NetloomError as error:
            self._post(tr_text(error.text), "error")
            return None

    def save(self, session: Session, *, anew: bool = False) -> bool:
        """Save a document, asking for a name where it has none; returns whether it is saved."""
        path = session.path
        if not anew and path is not None and session.watch.is_foreign:
            self._ask_overwrite(session, path)
            return False
        if anew or path is None or path.suffix != SUFFIX:
            title, folder = session.document.title, self._settings.folder
            proposal = file_dialogs.proposed(session.path, title, folder, SUFFIX)
            path = file_dialogs.save_file(
                self._window, tr("Save"), proposal, f"Netloom (*{SUFFIX})"
            )
            if path is None:
                return False
            path = file_dialogs.with_ending(path, SUFFIX)
        return self._write(session, path)

    def _ask_overwrite(self, session: Session, path: Path) -> None:
        """Ask what to do where somebody else has changed the file since it was read."""
        sentence = tr(
            "“{name}” has been changed by another program since you opened it.", name=path.name
        )
        self._ask(
            sentence,
            [
                (tr("Save as…"), lambda: self.save(session, anew=True)),
                (tr("Overwrite"), lambda: self._write(session, path)),
                (tr("Cancel"), lambda: None),
            ],
        )

    def _write(self, session: Session, path: Path) -> bool:
        try:
            write_project(session.document, path)
        except NetloomError as error:
            self._post(tr_text(error.text), "error")
            return False
        session.saved_to(path)
        self._settings.remember(path)
        if session.kept.tell():
            self._post(
                tr(
                    "The drawing is saved. The weights are not in it: File > Export… keeps them, as"
                    " “{format}”.",
                    format=tr(FORMATS["h5"].title),
                ),
                "info",
            )
        return True

    def keep_block(self, document: Document, block: str) -> None:
        """Put a block into the personal library."""
        try:
            library.keep(document, block)
        except NetloomError as error:
            self._post(tr_text(error.text), "error")
            return
        title = document.network.blocks[block].title
        self._post(tr("“{block}” is now among your blocks.", block=title), "info")


def weights_beside(path: Path) -> Path | None:
    """Return the file beside a model's description that by its name holds the weights."""
    if path.suffix.lower() != ".json":
        return None
    plain = re.sub(r"[_.-](model|config|architecture)$", "", path.stem, flags=re.IGNORECASE)
    stems = dict.fromkeys((path.stem, plain))
    names = [f"{stem}{ending}" for stem in stems for ending in WEIGHT_ENDINGS]
    return next((path.with_name(name) for name in names if path.with_name(name).is_file()), None)


def _can_be_inspected(path: Path) -> bool:
    """Return whether HDF5 opens a file: what is cut off or empty has no inside."""
    # Slow to import, and only needed where something was refused.
    from engine.formats.hdf5.remote import RemoteFile

    try:
        RemoteFile(path)
    except FileProblem:
        return False
    return True
