"""The files of every format: sound ones, and spoiled ones made of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from fuzz import containers, mutations, old_words, saved_models, seeds
from fuzz.harness import Case


class Files:
    """Sound files, and how those of a format are spoiled.

    Args:
        folder: Where files may be made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        h5 = partial(containers.spoiled_h5, folder=folder)
        made = seeds.models(folder)
        old, odd = seeds.old_descriptions(), seeds.odd_h5(folder)
        text = mutations.spoiled_json
        self.formats: dict[str, tuple[str, list[bytes], mutations.Spoil]] = {
            "project": (".netloom", seeds.projects(), text),
            "json": (".json", made["json"], text),
            "old json": (".json", [*old, *old_words.descriptions()], text),
            "python": (".py", seeds.scripts(), mutations.spoiled_python),
            "h5": (".h5", made["h5"], h5),
            "drawn h5": (".h5", made["drawn"], h5),
            "keras": (".keras", made["keras"], self._keras),
            "old weights": (".h5", seeds.old_weights(folder), h5),
            "weights": (".weights.h5", made["weights"], h5),
            "any h5": (".h5", odd, h5),
            "npz": (".npz", seeds.arrays(), self._npz),
            "settings": (".json", seeds.settings(), text),
            "recovery": (".recovery", seeds.recovered(), text),
            "trusted": (".json", seeds.trusted(), text),
            "history": (".history.json", seeds.histories(), text),
            "source": (".py", seeds.sources(), mutations.spoiled_python),
            "bytecode": (".bin", seeds.bytecode(), mutations.spoiled_bytes),
            **saved_models.formats(folder, made["json"]),
        }

    def _keras(self, random: random.Random, content: bytes) -> bytes:
        def spoil(random: random.Random, name: str, member: bytes) -> bytes:
            if name.endswith(".h5"):
                return containers.spoiled_h5(random, member, self.folder)
            return mutations.spoiled_json(random, member)

        return containers.spoiled_zip(random, content, spoil)

    @staticmethod
    def _npz(random: random.Random, content: bytes) -> bytes:
        return containers.spoiled_zip(random, content, containers.spoiled_npy)

    def cases(self, format: str, count: int, seed: str) -> Iterator[Case]:
        """Make the spoiled files of a format; the same ones for the same seed."""
        ending, sound, spoil = self.formats[format]
        for number in range(count):
            chance = random.Random(f"{seed} {format} {number}")
            content = spoil(chance, sound[number % len(sound)])
            yield Case(f"{format.replace(' ', '-')}-{seed}-{number}", content, ending)
