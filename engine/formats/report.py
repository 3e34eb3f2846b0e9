"""One HTML page about a network and its training: to hand in, to print, to keep."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape

import msgspec

from engine.errors import Text, text
from engine.graph.calls import owner_of
from engine.graph.costs import Facts, costs
from engine.graph.document import Document
from engine.layers import LAYERS
from engine.training import LOSSES, METRICS, OPTIMIZERS

Say = Callable[[Text], str]
History = Mapping[str, Sequence[float]]

WIDTH, HEIGHT, EDGE = 420, 200, 36

STYLE = """\
:root { color-scheme: light dark; --text: #1b2130; --soft: #5f6b7a; --line: #d9dee7;
  --page: #ffffff; --one: #3b5bdb; --two: #d9480f; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e9f0; --soft: #9aa5b8;
  --line: #353c4b; --page: #171b24; --one: #8fa2ee; --two: #f2975a; } }
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; color: var(--text);
  background: var(--page); max-width: 960px; margin: 48px auto; padding: 0 24px; }
h1 { font-size: 28px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 40px 0 12px; }
p.soft, figcaption, th, .key { color: var(--soft); } p.notes { white-space: pre-line; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 500; } td, th { padding: 6px 12px 6px 0;
  border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; padding-right: 0; }
.network { background: #ffffff; border: 1px solid var(--line); border-radius: 8px; padding: 8px;
  overflow: auto; text-align: center; } .network svg { max-width: 100%; height: auto; }
.curves { display: flex; flex-wrap: wrap; gap: 24px; } figure { margin: 0; }
.curves svg { display: block; } .curves text { fill: var(--soft); font-size: 11px; }
.one { stroke: var(--one); } .two { stroke: var(--two); stroke-dasharray: 5 3; }
.grid { stroke: var(--line); }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
"""


class Scores(msgspec.Struct, frozen=True):
    """How a training went.

    Attributes:
        history: Values at the end of each epoch, by Keras's names: "loss", "val_loss", ...
        test: Scores on the test samples; empty where there were none.
        status: One sentence on how it ended, or "".
    """

    history: dict[str, list[float]] = {}
    test: dict[str, float] = {}
    status: str = ""


def report(
    document: Document,
    facts: Mapping[str, Facts],
    picture: str,
    scores: Scores | None = None,
    data: Sequence[tuple[str, str]] = (),
    say: Say = str,
    language: str = "en",
) -> str:
    """Return the page.

    Args:
        document: The document.
        facts: Shapes and weights by node, as far as they are known.
        picture: The network as SVG, or "".
        scores: The training, if there was one.
        data: What the data is, as pairs of a name and a value that are ready for people.
        say: Turns a text into the reader's language.
        language: That language, for the page's `lang`.
    """
    title = " ".join(document.title.split()) or say(text("A network"))
    parts = [f"<h1>{escape(title)}</h1>"]
    if document.notes.strip():
        parts.append(f'<p class="notes">{escape(document.notes.strip())}</p>')
    if picture:
        drawn = f'<div class="network">{_inline(picture)}</div>'
        parts.append(_section(say(text("Network")), drawn))
    parts.append(_section(say(text("Layers")), _layers(document, facts, say)))
    parts.append(_section(say(text("Training")), _recipe(document, say)))
    if data:
        parts.append(_section(say(text("Data")), _pairs(data)))
    if scores is not None and scores.history:
        parts.append(_section(say(text("Curves")), _curves(scores.history, say)))
        parts.append(_section(say(text("Scores")), _scores(scores, say)))
    body = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _section(title: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>\n{content}"


def _inline(picture: str) -> str:
    """Return SVG without the heads that only files of their own have."""
    return re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>", "", picture, flags=re.DOTALL).strip()


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    def cells(kind: str, row: Sequence[str]) -> str:
        return "".join(
            f'<{kind} class="number">{escape(value)}</{kind}>'
            if place in numbers
            else f"<{kind}>{escape(value)}</{kind}>"
            for place, value in enumerate(row)
        )

    lines = [f"<tr>{cells('td', row)}</tr>" for row in rows]
    top = f"<thead><tr>{cells('th', head)}</tr></thead>\n" if head else ""
    return f"<table>\n{top}<tbody>\n" + "\n".join(lines) + "\n</tbody>\n</table>"


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    return _table((), pairs)


def _layers(document: Document, facts: Mapping[str, Facts], say: Say) -> str:
    network = document.network
    known = costs(network, facts)
    rows = []
    for node in network.ordered():
        owner = owner_of(network, node.id)
        spec = LAYERS.find(owner.layer)
        fact = facts.get(node.id)
        detail = ""
        if spec is not None and not spec.check(owner.params):
            detail = say(spec.summary(spec.complete(owner.params)))
        shape = "?" if fact is None or fact.shape is None else _shape(fact.shape)
        kind = say(text(spec.title)) if spec is not None else owner.layer
        params = f"{fact.params:,}" if fact is not None else "?"
        flops = f"{known[node.id].flops:,}" if node.id in known else "?"
        rows.append((node.title, kind, detail, shape, params, flops))
    head = [
        text("Name"), text("Layer"), text("Parameters of the layer"), text("Output"),
        text("Weights"), text("FLOPs"),
    ]  # fmt: skip
    total = sum(fact.params for fact in facts.values())
    work = sum(cost.flops for cost in known.values())
    rows.append((say(text("Total")), "", "", "", f"{total:,}", f"{work:,}"))
    return _table([say(item) for item in head], rows, numbers=(4, 5))


def _shape(shape: Sequence[int | None]) -> str:
    return " × ".join("?" if size is None else str(size) for size in shape[1:]) or "1"


def _recipe(document: Document, say: Say) -> str:
    recipe = document.recipe
    optimizer = OPTIMIZERS.find(recipe.optimizer.kind)
    told = optimizer.complete(recipe.optimizer.params) if optimizer is not None else {}
    rate = told.get("learning_rate")
    name = say(text(optimizer.title)) if optimizer is not None else recipe.optimizer.kind
    rows = [
        (say(text("Optimizer")), f"{name}, {rate:g}" if isinstance(rate, float) else name),
        (say(text("Loss")), _named(LOSSES, recipe.loss, say)),
        (
            say(text("Metrics")),
            ", ".join(_named(METRICS, metric, say) for metric in recipe.metrics) or "–",
        ),
        (say(text("Epochs")), str(recipe.epochs)),
        (say(text("Batch size")), str(recipe.batch_size)),
        (say(text("Validation split")), f"{recipe.validation_split:g}"),
        (say(text("Seed")), str(recipe.seed)),
    ]
    return _pairs(rows)


def _named(registry: object, key: str, say: Say) -> str:
    spec = registry.find(key)  # type: ignore[attr-defined]
    return say(text(spec.title)) if spec is not None else key


def _scores(scores: Scores, say: Say) -> str:
    rows = []
    for name, values in scores.history.items():
        if values and not name.startswith("val_"):
            held = scores.history.get(f"val_{name}") or []
            rows.append(
                (
                    name,
                    f"{values[-1]:.4f}",
                    f"{held[-1]:.4f}" if held else "–",
                    f"{scores.test[name]:.4f}" if name in scores.test else "–",
                )
            )
    head = [text("Score"), text("Training"), text("Validation"), text("Test")]
    status = f'<p class="soft">{escape(scores.status)}</p>\n' if scores.status else ""
    return status + _table([say(item) for item in head], rows, numbers=(1, 2, 3))


def _curves(history: History, say: Say) -> str:
    names = [name for name in history if not name.startswith("val_")]
    charts = [_chart(name, history[name], history.get(f"val_{name}", ()), say) for name in names]
    return f'<div class="curves">{"".join(charts)}</div>'


def _chart(name: str, train: Sequence[float], held: Sequence[float], say: Say) -> str:
    """Draw one score over the epochs, training solid and validation dashed."""
    finite = [value for value in (*train, *held) if abs(value) < float("inf")]
    if not finite:
        return ""
    low, high = min(finite), max(finite)
    span = high - low or abs(high) or 1.0
    count = max(len(train), len(held))

    def points(values: Sequence[float]) -> str:
        right, bottom = WIDTH - 12, HEIGHT - 24
        return " ".join(
            f"{EDGE + (right - EDGE) * (at / max(count - 1, 1)):.1f},"
            f"{bottom - (bottom - 12) * (value - low) / span:.1f}"
            for at, value in enumerate(values)
            if abs(value) < float("inf")
        )

    def line(values: Sequence[float], kind: str) -> str:
        if len(values) == 1:
            x, y = points(values).split(",")
            return f'<circle class="{kind}" cx="{x}" cy="{y}" r="2.5" fill="none"/>'
        return f'<polyline class="{kind}" fill="none" stroke-width="2" points="{points(values)}"/>'

    bottom = HEIGHT - 24
    lines = line(train, "one") + (line(held, "two") if held else "")
    caption = f"{name}: {say(text('training'))}"
    caption += f" {train[-1]:.4f}" if train else ""
    caption += f", {say(text('validation'))} {held[-1]:.4f}" if held else ""
    return (
        f'<figure><svg width="{WIDTH}" height="{HEIGHT}" role="img">'
        f'<path class="grid" fill="none" d="M{EDGE} 12V{bottom}H{WIDTH - 12}"/>'
        f'<text x="{EDGE - 4}" y="16" text-anchor="end">{high:.3g}</text>'
        f'<text x="{EDGE - 4}" y="{bottom}" text-anchor="end">{low:.3g}</text>'
        f'<text x="{EDGE}" y="{HEIGHT - 6}">1</text>'
        f'<text x="{WIDTH - 12}" y="{HEIGHT - 6}" text-anchor="end">{count}</text>'
        f"{lines}</svg><figcaption>{escape(caption)}</figcaption></figure>"
    )
