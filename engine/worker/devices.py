"""Devices to train on."""

from __future__ import annotations

import contextlib

import tensorflow as tf

from engine.ipc.messages import Device
from engine.worker.limits import limit_memory


def find_devices() -> list[Device]:
    """List the CPU and the GPUs, and see to it that memory is taken with moderation.

    Without memory growth TensorFlow takes a whole GPU at once and other programs fail. Where
    there is no GPU, this process may take no more than the machine has.
    """
    devices = [Device("cpu", "CPU")]
    for number, gpu in enumerate(tf.config.list_physical_devices("GPU")):
        # Too late once the GPU is in use, which changes nothing for the person.
        with contextlib.suppress(RuntimeError, ValueError):
            tf.config.experimental.set_memory_growth(gpu, True)
        name = tf.config.experimental.get_device_details(gpu).get("device_name", "GPU")
        devices.append(Device(f"GPU:{number}", f"GPU {number}: {name}"))
    # What a GPU's driver counts as memory is unknown: there nothing is bounded.
    if len(devices) == 1:
        limit_memory()
    return devices


def device_name(device: str) -> str | None:
    """Return TensorFlow's name of a recipe's device; None lets TensorFlow choose."""
    if device == "auto":
        return None
    return "/" + (device if ":" in device else f"{device.upper()}:0")
