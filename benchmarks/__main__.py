"""`make bench`: one JSON line a figure, ours against a reference in the same run."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.networks import vgg
from benchmarks.result import MNIST, interleaved, median, report, run, worst

REPEATS = 5


def training_small(folder: Path) -> None:
    """LeNet-5: time, responsiveness and first batch."""
    if not MNIST.exists():
        print("left out: the real digits are not beside the checkout", file=sys.stderr)
        return
    ours, at_once, bare, thread = interleaved(
        REPEATS,
        lambda: run("benchmarks.app_training", "lenet", folder),
        lambda: run("benchmarks.app_training", "lenet", folder, "at-once"),
        lambda: run("benchmarks.references.bare_keras", "lenet", MNIST, 3),
        lambda: run("benchmarks.references.thread_training", MNIST, 3),
    )
    seconds, reference = median(ours, "seconds"), median(bare, "seconds")
    report(
        "LeNet-5, 8,500 digits, 3 epochs, live plot",
        "s",
        seconds,
        reference=reference,
        bar="ratio <= 0.7",
        met=seconds / reference <= 0.7,
        updates_per_second=round(median(ours, "updates_per_second"), 1),
        loss=round(median(ours, "loss"), 3),
        reference_loss=round(median(bare, "loss"), 3),
        edited_just_before=round(median(at_once, "seconds"), 3),
        edited_just_before_ratio=round(median(at_once, "seconds") / reference, 3),
    )
    p99, largest = median(ours, "p99"), worst(ours, "max")
    report(
        "event-loop delay while LeNet-5 trains, p99",
        "ms",
        p99,
        reference=median(thread, "p99"),
        bar="<= 2 ms, max <= 50 ms",
        max=round(largest, 1),
        reference_max=round(worst(thread, "max"), 1),
        met=p99 <= 2 and largest <= 50,
    )
    report(
        "pressing Train to first batch shown, engine warm",
        "s",
        median(ours, "first_batch"),
        bar="report",
        edited_just_before=round(median(at_once, "first_batch"), 3),
    )


def training_large(folder: Path) -> None:
    """A network bound by arithmetic."""
    vgg(folder)
    ours, bare = interleaved(
        3,
        lambda: run("benchmarks.app_training", "vgg", folder),
        lambda: run("benchmarks.references.bare_keras", "vgg", folder / "images.npz", 3),
    )
    seconds, reference = median(ours, "seconds"), median(bare, "seconds")
    report(
        "VGG-like on 64×64, 3 epochs, live plot",
        "s",
        seconds,
        reference=reference,
        bar="ratio <= 1.02",
        met=seconds / reference <= 1.02,
        delay_p99=round(median(ours, "p99"), 2),
        delay_max=round(worst(ours, "max"), 1),
    )


def start(folder: Path) -> None:
    """Start to usable window, and its memory."""
    ours, bare = interleaved(
        REPEATS,
        lambda: run("benchmarks.app_start"),
        lambda: run("benchmarks.references.bare_window"),
    )
    seconds, reference = median(ours, "seconds"), median(bare, "seconds")
    report(
        "start to usable window with LeNet-5 open",
        "s",
        seconds,
        reference=reference,
        bar="ratio <= 2",
        met=seconds / reference <= 2,
    )
    memory = median(ours, "memory")
    report(
        "memory of the window's process with LeNet-5 open, all panels built",
        "MB",
        memory,
        bar="<= 250 MB",
        met=memory <= 250,
    )


def shapes(folder: Path) -> None:
    """One edit to shapes shown."""
    result = run("benchmarks.shapes")
    print_line = {key: value for key, value in result.items() if key not in ("name", "unit")}
    ours = print_line.pop("ours")
    print_line.pop("ratio", None)
    report(result["name"], result["unit"], ours, **print_line)


def canvas(folder: Path) -> None:
    """The canvas with a thousand and with ten thousand layers."""
    ours, reference, naive = interleaved(
        3,
        lambda: run("benchmarks.app_canvas", 1000),
        lambda: run("benchmarks.references.nodegraph", 1000),
        lambda: run("benchmarks.references.naive_scene", 1000),
    )
    seconds, other = median(ours, "open"), median(reference, "seconds")
    report(
        "open 1,000 layers to the first paint (reference: NodeGraphQt)",
        "s",
        seconds,
        reference=other,
        bar="<= 0.4 s and ratio <= 0.25",
        met=seconds <= 0.4 and seconds / other <= 0.25,
    )
    figures = (
        ("overview", "overview frame, 1,000 layers, p99", "ms", 12.0),
        ("pan", "pan frame at 100 %, 1,000 layers, p99", "ms", 8.0),
        ("drag", "drag one of 1,000 layers with 4 wires, p99 a move", "ms", 8.0),
        ("edit", "one edit, its undo and both repaints, 1,000 layers, p95", "ms", 16.0),
        ("undo_paste", "undo of a paste of 500 layers", "ms", 100.0),
        ("layout", "layout of 1,000 layers", "s", 1.0),
    )
    for key, name, unit, most in figures:
        value = median(ours, key)
        # A plain scene says how fast this machine is.
        plain = median(naive, key) if key in naive[0] else None
        report(name, unit, value, reference=plain, bar=f"<= {most:g} {unit}", met=value <= most)
    large = [run("benchmarks.app_canvas", 10_000)]
    plain_large = [run("benchmarks.references.naive_scene", 10_000)]
    figures = (
        ("overview", "overview frame, 10,000 layers, p99", "ms", 33.0),
        ("memory", "memory of 10,000 layers", "MB", 150.0),
    )
    for key, name, unit, most in figures:
        value = median(large, key)
        plain = median(plain_large, key) if key in plain_large[0] else None
        report(name, unit, value, reference=plain, bar=f"<= {most:g} {unit}", met=value <= most)


def importing(folder: Path) -> None:
    """VGG16 with random weights, 528 MB in an .h5 file."""
    path = folder / "vgg16.h5"
    run("benchmarks.references.load_model", "--make", path)
    ours, theirs = interleaved(
        3,
        lambda: run("benchmarks.app_import", path),
        lambda: run("benchmarks.references.load_model", path),
    )
    path.unlink()
    reference = median(theirs, "seconds")
    figures = (
        ("canvas", "open VGG16.h5 (528 MB) to the canvas", None),
        ("kernels", "open VGG16.h5 (528 MB) to canvas and kernels of its first layer", 0.1),
        ("weights", "import VGG16.h5 (528 MB) with all weights", 1.2),
    )
    for key, name, most in figures:
        seconds = median(ours, key)
        bar = "report" if most is None else f"ratio <= {most}"
        met = {} if most is None else {"met": seconds / reference <= most}
        report(name, "s", seconds, reference=reference, bar=bar, **met)


def compiling(folder: Path) -> None:
    """A drawing of 301 layers against the same code by hand."""
    found = run("benchmarks.compile_300")
    ratio = found["ours"] / found["reference"]
    report(
        f"build and compile {found['layers']} layers (reference: the same by hand)",
        "s",
        found["ours"],
        reference=found["reference"],
        bar="ratio <= 1.15",
        met=ratio <= 1.15,
    )


def applications(folder: Path) -> None:
    """A model of `keras.applications`, drawn from its description."""
    model = "ResNet152"
    ours, theirs = interleaved(
        3,
        lambda: run("benchmarks.app_application", model),
        lambda: run("benchmarks.references.build_application", model),
    )
    reference = median(theirs, "seconds")
    figures = (
        ("seconds", "cards", f"open {model} as editable layers to the first paint"),
        ("all_shown", "all_cards", f"open {model} with every block open to the first paint"),
    )
    for key, cards, name in figures:
        seconds = median(ours, key)
        report(
            f"{name} (reference: Keras builds it)",
            "s",
            seconds,
            reference=reference,
            bar="ratio <= 0.5",
            met=seconds / reference <= 0.5,
            layers=ours[0]["layers"],
            cards=ours[0][cards],
        )


PARTS: dict[str, Callable[[Path], None]] = {
    "start": start,
    "shapes": shapes,
    "canvas": canvas,
    "importing": importing,
    "compiling": compiling,
    "applications": applications,
    "small": training_small,
    "large": training_large,
}


def main(names: list[str]) -> int:
    """Measure the named parts, or all."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NETLOOM_CONFIG"] = os.environ["NETLOOM_DATA"] = folder
        for name in names or list(PARTS):
            PARTS[name](Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
