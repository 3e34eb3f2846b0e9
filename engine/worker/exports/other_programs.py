"""Models to ONNX and TensorFlow Lite, and predictions of what was written."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from engine.errors import ExportProblem
from engine.worker.exports.samples import Arrays, outputs_of, plain

# Written out, longer sequences make files of many megabytes.
MOST_STEPS = 256
# Layers that pass on what they take, unless the network is being trained.
IDLE = tuple(
    getattr(keras.layers, name)
    for name in (
        "AugMix",
        "CutMix",
        "MixUp",
        "RandAugment",
        "RandomBrightness",
        "RandomColorDegeneration",
        "RandomColorJitter",
        "RandomContrast",
        "RandomElasticTransform",
        "RandomErasing",
        "RandomFlip",
        "RandomGaussianBlur",
        "RandomGrayscale",
        "RandomHue",
        "RandomInvert",
        "RandomPerspective",
        "RandomPosterization",
        "RandomRotation",
        "RandomSaturation",
        "RandomSharpness",
        "RandomShear",
        "RandomTranslation",
        "RandomZoom",
        "Solarization",
    )
)
# The note that goes back is a key of `apart.NOTES`, or "".
Write = Callable[[keras.Model, Path, Arrays], str]
Read = Callable[[Path, keras.Model, Arrays], Arrays]


def write_onnx(model: keras.Model, path: Path, samples: Arrays) -> str:
    """Write an ONNX file."""
    pass_idle(model)
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.Normalization) and layer.built:
            # Tensors of TensorFlow would become inputs of the file, arrays become constants.
            layer.mean, layer.variance = np.asarray(layer.mean), np.asarray(layer.variance)
    outputs_of(model, [values[:1] for values in samples])  # It wants a model that was called.
    model.export(str(path), format="onnx", verbose=False)
    return ""


def read_onnx(path: Path, model: keras.Model, samples: Arrays) -> Arrays:
    """Return the predictions of ONNX Runtime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options)
    names = _input_names([item.name for item in session.get_inputs()], model)
    given = dict(zip(names, samples, strict=True))
    return [plain(value) for value in session.run(None, given)]


def tflite_writer(kind: str) -> Write:
    """Return what writes a TensorFlow Lite file.

    Args:
        kind: "" for the numbers as they are, "dynamic" for weights of 8 bits, "int8" for 8 bits
            throughout, whose ranges the samples tell.
    """

    def write(model: keras.Model, path: Path, samples: Arrays) -> str:
        pass_idle(model)
        recurrent = any("RNN" in base.__name__ for layer in model.layers for base in _bases(layer))
        if recurrent and kind == "int8":
            model = _unrolled(model)
        elif recurrent:
            # These convert only for a batch of known size.
            with tempfile.TemporaryDirectory() as folder:
                converter = _one_at_a_time(model, folder)
                path.write_bytes(_converted(converter, kind, model, samples))
            return "single"
        outputs_of(model, [values[:1] for values in samples])
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        path.write_bytes(_converted(converter, kind, model, samples))
        return ""

    return write


def pass_idle(model: keras.Model) -> None:
    """Let a model that is only predicted with pass over layers that then change nothing.

    They draw random numbers all the same, with operators that other programs do not have.
    """

    def passing(layer: Any) -> Any:
        return lambda inputs, *_, **__: keras.ops.cast(inputs, layer.compute_dtype)

    for layer in model._flatten_layers():
        if isinstance(layer, IDLE):
            layer.call = passing(layer)


def _bases(layer: Any) -> Iterator[type]:
    """Yield the classes of a layer and of those that it holds."""
    for part in layer._flatten_layers():
        yield from type(part).__mro__


def _unrolled(model: keras.Model) -> keras.Model:
    """Return the model with every step of its recurrent layers written out.

    The calibrator of TensorFlow Lite crashes on loops.

    Raises:
        ExportProblem: A layer runs over too many steps, or over a number that is not known.
    """

    def unrolled(layer: Any) -> Any:
        if not isinstance(layer, keras.Layer):
            return layer  # An operator, such as those that compute masks.
        if any("RNN" in base.__name__ for base in _bases(layer)):
            steps = keras.tree.flatten(layer.input)[0].shape[1]  # A mask may follow.
            if steps is None or steps > MOST_STEPS:
                raise ExportProblem(
                    "8 bits throughout need recurrent layers of a known number of steps, at most"
                    " {most}; choose dynamic range instead",
                    most=MOST_STEPS,
                )
        return layer.__class__.from_config(_with_unroll(layer.get_config()))

    copy = keras.models.clone_model(model, clone_function=unrolled)
    copy.set_weights(model.get_weights())
    return copy


def _with_unroll(config: Any) -> Any:
    if isinstance(config, list):
        return [_with_unroll(value) for value in config]
    if not isinstance(config, dict):
        return config
    own = {"unroll": True} if "unroll" in config else {}
    return {key: _with_unroll(value) for key, value in config.items()} | own


def _converted(converter: Any, kind: str, model: keras.Model, samples: Arrays) -> bytes:
    if kind:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "int8":
        count = len(samples[0])
        names = [tensor.name for tensor in model.inputs]

        def one(at: int) -> Any:
            values = [array[at : at + 1] for array in samples]
            # The converter has an order of its own for several inputs.
            return dict(zip(names, values, strict=True)) if len(names) > 1 else values

        converter.representative_dataset = lambda: map(one, range(count))
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    content: bytes = converter.convert()
    return content


def _one_at_a_time(model: keras.Model, folder: str) -> Any:
    """Return the converter of the model for a batch of one sample."""
    shapes = [(1, *tensor.shape[1:]) for tensor in model.inputs]
    specs = [
        tf.TensorSpec(shape, tensor.dtype, name=tensor.name)
        for shape, tensor in zip(shapes, model.inputs, strict=True)
    ]

    def serve(*given: Any) -> Any:
        return model(list(given) if len(given) > 1 else given[0], training=False)

    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serve", serve, input_signature=specs)
    archive.write_out(folder, verbose=False)
    return tf.lite.TFLiteConverter.from_saved_model(folder)


def read_tflite(path: Path, model: keras.Model, samples: Arrays) -> Arrays:
    """Return the predictions of LiteRT."""
    from ai_edge_litert.interpreter import Interpreter

    runner = Interpreter(model_path=str(path)).get_signature_runner()
    details = runner.get_input_details()
    # Converters number inputs in the order of the model where they drop their names.
    wanted = _input_names(sorted(details, key=_number), model)
    if len(details) != len(samples):
        raise ExportProblem("The file takes {count} inputs.", count=len(details))
    single = all(item["shape_signature"][0] == 1 for item in details.values())
    batches = [slice(at, at + 1) for at in range(len(samples[0]))] if single else [slice(None)]
    found = [
        runner(**{name: values[batch] for name, values in zip(wanted, samples, strict=True)})
        for batch in batches
    ]
    names = sorted(found[0], key=_number)
    return [plain(np.concatenate([part[name] for part in found])) for name in names]


def _input_names(found: list[str], model: keras.Model) -> list[str]:
    """Return a file's names of the inputs in the order of the model's, where they are the same."""
    names = [tensor.name for tensor in model.inputs]
    return names if sorted(names) == sorted(found) else found


def _number(name: str) -> tuple[int, str]:
    digits = "".join(sign for sign in name if sign.isdigit())
    return (int(digits) if digits else 0, name)


CONVERTERS: dict[str, tuple[Write, Read]] = {
    "onnx": (write_onnx, read_onnx),
    "tflite": (tflite_writer(""), read_tflite),
    "tflite_dynamic": (tflite_writer("dynamic"), read_tflite),
    "tflite_int8": (tflite_writer("int8"), read_tflite),
}
