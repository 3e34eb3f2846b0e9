"""An HDF5 file that a process of its own looks into: HDF5 hangs and dies of damaged files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from engine.errors import FileProblem
from engine.formats.apart.asking import PATIENCE, READERS, Failed, Harmful
from engine.formats.apart.packing import pack, unpacker
from engine.formats.apart.serving import Question
from engine.formats.hdf5 import questions
from engine.formats.hdf5.comparing import Difference
from engine.formats.hdf5.content import Attribute, Head, Storage
from engine.formats.hdf5.pictures import Picture
from engine.formats.hdf5.reading import LARGEST_CHUNK
from engine.formats.hdf5.statistics import Statistics
from engine.formats.hdf5.tree import Entry
from engine.formats.keras_files.guard import h5_problem
from engine.stopping import Step, Stopped

# A window waits for a line of the tree; other questions are asked beside it.
SHORT = 3.0
_UNPACK = unpacker(
    {
        kind.__name__: kind
        for kind in (
            Attribute,
            questions.Content,
            Difference,
            Entry,
            Head,
            Picture,
            questions.Problem,
            Statistics,
            Storage,
        )
    }
)


def asked(path: Path, function: Callable[..., Any], *arguments: Any) -> Callable[[Step], Any]:
    """Return a question to another process; it yields the answers of a function one by one.

    Args:
        path: The file, for sentences.
        function: One of `questions`.
        arguments: Its arguments, without the last.
    """

    def work(step: Step) -> Iterator[object]:
        yield from _answers(path, function, arguments, step, PATIENCE)

    return work


def _answers(
    path: Path,
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    step: Step,
    patience: float,
) -> Iterator[Any]:
    plain = [str(one.absolute()) if isinstance(one, Path) else one for one in arguments]
    question = Question(f"{function.__module__}:{function.__name__}", pack(plain), LARGEST_CHUNK)
    done = 0.0
    try:
        with closing(READERS.answers(path, question, patience)) as answers:
            for answer in answers:
                done = max(done, answer.share)
                if answer.raw:
                    yield _UNPACK(answer.value)
                elif answer.going and not step(done):
                    READERS.warm_up()  # The one that is stopped ends; the next question is near.
                    raise Stopped
    except Failed as error:
        raise h5_problem(path, error) from error


class RemoteFile:
    """The tree of a file, asked line by line.

    A file that made a process hang or die once is not asked again.

    Args:
        path: The file.

    Raises:
        FileProblem: It cannot be opened, or is damaged or no HDF5 file. All methods raise it
            too, for what they are asked about.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._broken: FileProblem | None = None
        try:
            path.stat()
        except OSError as error:
            raise h5_problem(path, error) from error
        self.entry("/")

    def names(self, where: str) -> list[str]:
        """Return the names in a group, as the tree shows them."""
        found: list[str] = self._only(questions.names, where)
        return found

    def entry(self, where: str) -> Entry:
        """Describe one line of the tree."""
        return self.entries([where])[0]

    def entries(self, places: list[str]) -> list[Entry]:
        """Describe some lines of the tree; those that cannot be read are refused."""
        found: list[Entry] = self._only(questions.entries, places)
        return found

    def _only(self, function: Callable[..., Any], wanted: object) -> Any:
        if self._broken is not None:
            raise self._broken
        try:
            [found] = _answers(self.path, function, (self.path, wanted), lambda _: True, SHORT)
            return found
        except Harmful as error:
            self._broken = error
            raise
