"""Every known hole of Keras's loaders, each with a hostile file made here."""

from __future__ import annotations

import base64
import json
import marshal
import re
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from keras.src.saving import serialization_lib
from keras.src.utils import file_utils

from engine.errors import NetloomError
from engine.formats.importing import import_any
from engine.paths import ROOT
from engine.worker.compile import build_model
from engine.worker.weights import load_weights

SECRET = "only for my eyes"


class Place:
    """Where an attack may leave its mark, and what it may spy out.

    Attributes:
        folder: Holds the hostile file.
        mark: A file that exists only if the attacker's code has run.
        secret: A file whose content must not appear in the drawing.
    """

    def __init__(self, root: Path) -> None:
        self.folder = root / "inbox"
        self.folder.mkdir()
        self.mark = root / "mark"
        self.secret = root / "secret.txt"
        self.secret.write_text(SECRET, encoding="utf-8")

    @property
    def code(self) -> str:
        """Marshalled code that leaves the mark, as Lambda layers carry it."""
        path = str(self.mark)
        words = compile(f"(lambda x: open({path!r}, 'w').close() or x)", "<a>", "eval")
        (function,) = (one for one in words.co_consts if hasattr(one, "co_code"))
        return base64.b64encode(marshal.dumps(function)).decode()


def tensor(name: str = "image") -> dict[str, Any]:
    history = [name, 0, 0]
    config = {"shape": [None, 4], "dtype": "float32", "keras_history": history}
    return {"class_name": "__keras_tensor__", "config": config}


def model(kind: str, config: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a functional model of Keras 3 with one hostile layer."""
    called = [{"args": [tensor()], "kwargs": {}}]
    layer = {"class_name": kind, "config": {"name": "evil", **config}, "name": "evil", **more}
    image = {
        "class_name": "InputLayer",
        "config": {"batch_shape": [None, 4], "dtype": "float32", "name": "image"},
        "name": "image",
        "inbound_nodes": [],
    }
    return {
        "module": "keras",
        "class_name": "Functional",
        "config": {
            "name": "model",
            "layers": [image, layer | {"inbound_nodes": called}],
            "input_layers": [["image", 0, 0]],
            "output_layers": [["evil", 0, 0]],
        },
    }


def as_keras(place: Place, config: dict[str, Any], members: dict[str, bytes] | None = None) -> Path:
    path = place.folder / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("metadata.json", json.dumps({"keras_version": "3.8.0"}))
        archive.writestr("config.json", json.dumps(config))
        for name, content in (members or {}).items():
            archive.writestr(name, content)
    return path


def as_h5(place: Place, config: dict[str, Any]) -> Path:
    path = place.folder / "model.h5"
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = "3.11.0"
        file.create_group("model_weights").attrs["layer_names"] = np.array([], "S4")
    return path


def code_of(place: Place) -> dict[str, Any]:
    function = {"code": place.code, "defaults": None, "closure": None}
    return {"function": {"class_name": "__lambda__", "config": function}}


def lambda_in_keras(place: Place) -> Path:
    return as_keras(place, model("Lambda", code_of(place)))


def lambda_in_h5(place: Place) -> Path:
    old = {"function": [place.code, None, None], "function_type": "lambda"}
    return as_h5(place, model("Lambda", old))


def any_module(place: Place) -> Path:
    config = {"command": f"touch {place.mark}"}
    return as_keras(place, model("system", config, module="os", registered_name=None))


def helpers_of_keras(place: Place) -> Path:
    """`get_file` as the function of a Lambda would fetch and unpack what the attacker likes."""
    source = place.folder / "source"
    source.write_text("x", encoding="utf-8")
    call = {"origin": source.as_uri(), "fname": "mark", "cache_dir": str(place.mark.parent)}
    function = {"class_name": "function", "config": "get_file", "module": "keras.utils"}
    return as_keras(place, model("Lambda", {"function": function, "arguments": call}))


def unsafe_switch(place: Place) -> Path:
    config = model("Lambda", code_of(place))
    switch = {
        "class_name": "function",
        "config": "enable_unsafe_deserialization",
        "module": "keras.config",
        "registered_name": "enable_unsafe_deserialization",
    }
    layers = config["config"]["layers"]
    first = {**layers[1], "name": "switch", "config": {"name": "switch", "function": switch}}
    layers.insert(1, first)
    layers[2] = {**layers[2], "inbound_nodes": [{"args": [tensor("switch")], "kwargs": {}}]}
    return as_keras(place, config)


def vocabulary_of_a_path(place: Place) -> Path:
    config = {"vocabulary": str(place.secret), "num_oov_indices": 1, "output_mode": "int"}
    return as_keras(place, model("StringLookup", config))


def climbing_members(place: Place) -> Path:
    """The hole is in `get_file`, which unpacks a tar beside the model if it is asked to."""
    path = as_keras(place, model("Dense", {"units": 2}), {"../mark": b"x"})
    with tarfile.open(place.folder / "weights.tar", "w") as archive:
        archive.add(place.secret, "../mark")
    return path


def wrapped_module(place: Place) -> Path:
    pickled = base64.b64encode(b"cos\nsystem\n(S'touch " + bytes(place.mark) + b"'\ntR.").decode()
    config = {"module": {"class_name": "__bytes__", "config": {"value": pickled}}}
    return as_keras(place, model("TorchModuleWrapper", config, module="keras.layers"))


def saved_model_layer(place: Place) -> Path:
    return as_keras(place, model("TFSMLayer", {"filepath": str(place.folder)}))


def vast_data(place: Place) -> Path:
    path = as_h5(place, model("Dense", {"units": 2}))
    with h5py.File(path, "a") as file:
        group = file["model_weights"]
        group.attrs["layer_names"] = np.array([b"evil"])
        own = group.create_group("evil")
        own.attrs["weight_names"] = np.array([b"kernel"])
        own.create_dataset("kernel", (200_000, 200_000), "f4", chunks=(1000, 1000))
    return path


def vast_data_in_an_archive(place: Place) -> Path:
    inner = place.folder / "inner.h5"
    with h5py.File(inner, "w") as file:
        own = file.create_group("layers/dense/vars")
        own.create_dataset("0", (200_000, 200_000), "f4", chunks=(1000, 1000))
    members = {"model.weights.h5": inner.read_bytes()}
    return as_keras(place, model("Dense", {"units": 2}), members)


def linked_file(place: Place) -> Path:
    path = as_h5(place, model("Dense", {"units": 2}))
    with h5py.File(place.folder / "other.h5", "w") as file:
        file["secret"] = np.ones((4, 2), "f4")
    with h5py.File(path, "a") as file:
        group = file["model_weights"]
        group.attrs["layer_names"] = np.array([b"evil"])
        own = group.create_group("evil")
        own.attrs["weight_names"] = np.array([b"kernel"])
        own["kernel"] = h5py.ExternalLink("other.h5", "/secret")
    return path


def lambda_without_a_mode(place: Place) -> Path:
    """What `Lambda.from_config` ran when no safe mode was given, as cloning gives none."""
    path = place.folder / "model.json"
    path.write_text(json.dumps(model("Lambda", code_of(place))), encoding="utf-8")
    return path


ATTACKS: dict[str, Callable[[Place], Path]] = {
    "2024-3660": lambda_in_keras,
    "2025-1550": any_module,
    "2025-8747": helpers_of_keras,
    "2025-9906": unsafe_switch,
    "2025-9905": lambda_in_h5,
    "2025-12058": vocabulary_of_a_path,
    "2025-12060": climbing_members,
    "2025-49655": wrapped_module,
    "2026-0897": vast_data_in_an_archive,
    "2026-12570": vast_data,
    "2026-1462": saved_model_layer,
    "2026-1669": linked_file,
    "2026-12481": lambda_without_a_mode,
}


# Where each ends: at which step, and with which words.
UNTRUSTED = "does not run before you have read and trusted it"
UNKNOWN = "This version does not know the layer “{}”"
VAST = "holds far more data than the file is large"
STOPPED: dict[str, tuple[str, str]] = {
    "2024-3660": ("build", UNTRUSTED),
    "2025-1550": ("build", UNKNOWN.format("system")),
    "2025-8747": ("build", "Its function “get_file” is not in the file"),
    "2025-9906": ("build", "Its function “enable_unsafe_deserialization” is not in the file"),
    "2025-9905": ("build", UNTRUSTED),
    "2025-12058": ("build", "Vocabulary must be a list of words"),
    "2025-12060": ("import", "“../mark” in it holds a path that leads out of the archive"),
    "2025-49655": ("build", UNKNOWN.format("TorchModuleWrapper")),
    "2026-0897": ("weights", VAST),
    "2026-12570": ("import", VAST),
    "2026-1462": ("build", UNKNOWN.format("TFSMLayer")),
    "2026-1669": ("import", "holds a link to another file"),
    "2026-12481": ("build", UNTRUSTED),
}


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


@pytest.mark.parametrize("hole", ATTACKS)
def test_a_known_hole_is_closed(hole: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(tmp_path)
    path = ATTACKS[hole](place)
    before = tree(tmp_path)
    fetched: list[object] = []
    for module in (keras.utils, file_utils):
        monkeypatch.setattr(module, "get_file", lambda *given, **_: fetched.append(given))
    monkeypatch.setattr(tarfile, "open", lambda *given, **_: fetched.append(given))
    step, words = STOPPED[hole]
    reached = "import"
    with pytest.raises(NetloomError, match=re.escape(words)):
        imported = import_any(path)
        assert SECRET not in repr(imported)
        network = imported.document.network
        reached = "build"
        built = build_model(network)
        reached = "weights"
        load_weights(built, network, path, partly=True)
    assert reached == step
    assert fetched == []
    assert tree(tmp_path) == before
    assert not place.mark.exists()
    assert serialization_lib.in_safe_mode() is not False
    assert not (tmp_path.parent / "mark").exists()


def test_the_same_file_without_an_attack_opens(tmp_path: Path) -> None:
    place = Place(tmp_path)
    config = model("Dense", {"units": 2, "activation": "relu"})
    for path in (as_keras(place, config), as_h5(place, config)):
        imported = import_any(path)
        assert not imported.remarks
        assert build_model(imported.document.network)(np.ones((1, 4))).shape == (1, 2)


def test_every_hole_in_the_documentation_has_its_attack() -> None:
    words = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\b20\d\d-\d{4,6}\b", words)) == set(ATTACKS) == set(STOPPED)
