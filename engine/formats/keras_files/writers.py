"""Which Keras wrote the weights of a file, as far as they are laid out otherwise than today."""

from __future__ import annotations

from pathlib import PurePath

import h5py
import msgspec

from engine.formats.keras_files.h5_parts import attribute_text, group_in, inside

# Words of a model's description on where the channels of its pictures are.
FIRST = ('"dim_ordering": "th"', '"data_format": "channels_first"')
LAST = ('"dim_ordering": "tf"', '"data_format": "channels_last"')
# keras.applications named its files by the library for which the kernels were.
THEANO_KERNELS = "th_kernels"
# Enough layers to see by their kernels how all are laid out.
MOST_LOOKED_AT = 1000


class Writer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What wrote weights.

    Attributes:
        first: Whether it was Keras 1 or earlier, which had kernels in other layouts.
        theano: Whether kernels are for Theano, which convolves truly: with kernels turned round.
        channels_first: Whether pictures have their channels before height and width.
        numbered: Whether it was a Keras before 1.0, which numbered layers.
    """

    first: bool = False
    theano: bool = False
    channels_first: bool = False
    numbered: bool = False


MODERN = Writer()


def writer_of(file: h5py.File, group: h5py.Group) -> Writer:
    """Return what wrote the weights of a file.

    Keras tells its version since 2.0 beside the weights; Keras itself takes their absence for
    version 1 (`load_weights_from_hdf5_group` in Keras 2).

    Args:
        file: The open file.
        group: What holds the layers' groups: the file itself or a part of it.
    """
    named = any(name.startswith("layer_names") for name in group.attrs)
    numbered = not named and "nb_layers" in group.attrs
    if not named and not numbered:
        return MODERN
    version, backend = (
        attribute_text(group, name) or attribute_text(file, name)
        for name in ("keras_version", "backend")
    )
    # The first of the two stands for “1”, “1.2.2” and the like.
    first = numbered or not version or version.split(".")[0] in ("0", "1")
    for_theano = THEANO_KERNELS in PurePath(str(file.filename)).name
    return Writer(
        first,
        theano=numbered or backend == "theano" or for_theano,
        channels_first=_channels_first(file, group, first, numbered),
        numbered=numbered,
    )


def _channels_first(file: h5py.File, group: h5py.Group, first: bool, numbered: bool) -> bool:
    """Return where the channels are: by the model's words, or by the shapes of old kernels."""
    words = attribute_text(file, "model_config")
    told = [any(mark in words for mark in marks) for marks in (FIRST, LAST)]
    if any(told):
        return told[0] and not told[1]
    if not first:
        return False
    votes = 0
    for shape in _kernels(group):
        # Windows are small, and filters are many.
        votes += (max(shape[2:]) < max(shape[:2])) - (max(shape[:2]) < max(shape[2:]))
    return votes > 0 or (numbered and votes == 0)


def _kernels(group: h5py.Group) -> list[tuple[int, ...]]:
    """Return the shapes of kernels for pictures among the weights."""
    found: list[tuple[int, ...]] = []
    for name in list(group)[:MOST_LOOKED_AT]:
        layer = group_in(group, name)
        for part in layer if layer is not None else ():
            weight = inside(layer, part, h5py.Dataset)
            if weight is not None and weight.shape is not None and len(weight.shape) == 4:
                found.append(tuple(weight.shape))
    return found
