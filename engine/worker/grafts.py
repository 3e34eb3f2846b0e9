"""What loading weights has done to a model, kept so that it can be taken back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from engine.worker.documents import Followed, Trained
from engine.worker.limits import machine_memory
from engine.worker.weights import settle

Values = npt.NDArray[Any]

# What undo keeps may take this part of the machine's memory, or so many bytes where it is unknown.
KEPT_PART, KEPT_BYTES = 4, 2**30


@dataclass(kw_only=True)
class Graft(ABC):
    """What has been done to a model, and can be taken back.

    Attributes:
        applied: Whether the history says that the layers have the file's weights.
        given: Whether they really have: they stay as they are while another model is in use.
        known: Whether the history has told of it.
    """

    applied: bool = True
    given: bool = True
    known: bool = False

    def move(self, followed: Followed, *, applied: bool) -> bool:
        """Give the weights or take them back; returns whether anything has changed."""
        self.applied = applied
        if self.given == applied or not self._exchange(followed):
            return False
        self.given = applied
        return True

    @abstractmethod
    def _exchange(self, followed: Followed) -> bool:
        """Change to the other state; returns False where another model is in use."""

    @property
    @abstractmethod
    def bytes(self) -> int:
        """Memory that only this takes."""


@dataclass(kw_only=True)
class InPlace(Graft):
    """Some layers of a model have got other weights.

    Nothing is lost on either way: what training has made of them in between is kept, too.

    Attributes:
        model: The model.
        held: Variables with the values of the other state.
    """

    model: keras.Model
    held: list[tuple[Any, Values]]

    def _exchange(self, followed: Followed) -> bool:
        if followed.trained is None or followed.trained.model is not self.model:
            return False
        other = [(variable, variable.numpy()) for variable, _ in self.held]
        assign(self.model, self.held)
        self.held = other
        return True

    @property
    def bytes(self) -> int:
        """Memory of the values of the other state."""
        return sum(values.nbytes for _, values in self.held)


@dataclass(kw_only=True)
class Built(Graft):
    """A model was built for the weights.

    Attributes:
        other: The model of the other state, if there is one.
        own: The model that is in use now.
    """

    other: Trained | None
    own: Trained | None

    def _exchange(self, followed: Followed) -> bool:
        if _model(followed.trained) is not _model(self.own):
            return False
        # Trained further in between, it is another `Trained` of the same model.
        self.own, self.other = self.other, followed.trained
        followed.trained = self.own
        return True

    @property
    def bytes(self) -> int:
        """Memory of the other model's weights."""
        model = _model(self.other)
        return sum(_size(weight) for weight in model.weights) if model is not None else 0


def _model(trained: Trained | None) -> keras.Model | None:
    return trained.model if trained is not None else None


def _size(weight: Any) -> int:
    return int(np.prod(weight.shape, dtype=np.int64)) * 4


def assign(model: keras.Model, pairs: list[tuple[Any, Values]]) -> None:
    """Give variables of a model new values."""
    for variable, values in pairs:
        variable.assign(values)
    settle(model)


def keep(followed: Followed, name: str, made: Graft) -> None:
    """Keep what undo needs, and forget the oldest of it rather than fill the memory."""
    grafts = followed.grafts
    grafts[name] = made
    here = machine_memory()
    most = here // KEPT_PART if here is not None else KEPT_BYTES
    while len(grafts) > 1 and sum(one.bytes for one in grafts.values()) > most:
        del grafts[next(iter(grafts))]


def move(followed: Followed, name: str, *, applied: bool) -> tuple[bool, bool]:
    """Follow a `WeightsChange`.

    Returns:
        Whether weights have changed, and whether they could not because nothing is known of it.
    """
    made = followed.grafts.get(name)
    if made is None:
        return False, True
    if not made.known:
        made.known = True
        # With a new step in the history nothing that was taken back can be redone.
        followed.grafts = {key: one for key, one in followed.grafts.items() if one.applied}
    return made.move(followed, applied=applied), False
