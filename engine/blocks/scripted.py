"""Models of `keras.applications` where a script calls one by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from engine.blocks.applications import Application
from engine.blocks.spec import BLOCKS
from engine.errors import Text, text
from engine.fields import Params
from engine.formats.python_reading.ready import READY, Ready
from engine.graph.document import Network
from engine.layers.common import ACTIVATIONS

if TYPE_CHECKING:
    from engine.formats.python_reading.making import Tell

# The first arguments of most; the others have some of their own in between.
_FIRST = ("include_top", "weights", "input_tensor", "input_shape", "pooling", "classes")
_OTHER_ORDER = ("MobileNet", "NASNet")
_OWN = ("include_top", "input_shape", "pooling", "classes")
# What is drawn only as Keras has it without being told.
_USUAL: Params = {
    "include_preprocessing": True,
    "alpha": 1.0,
    "depth_multiplier": 1,
    "dropout": 0.001,
    "minimalistic": False,
    "input_tensor": None,
}


def _draw(
    spec: type[Application], args: Sequence[Any], kwargs: Mapping[str, Any], tell: Tell
) -> Ready:
    """Return a model as the arguments of a script make it.

    Raises:
        Refused: It would be another than can be drawn.
    """
    # The program starts without what reads scripts.
    from engine.formats.python_reading.making import argument_values, named
    from engine.formats.python_reading.things import Refused

    title = spec.model
    words = () if title.startswith(_OTHER_ORDER) else _FIRST
    given = named(title, words, args, kwargs)
    values = argument_values(given, title, tell)
    if values.keys() != given.keys():
        raise Refused(None)  # What is not known has been told.
    weights, name = values.pop("weights", "imagenet"), values.pop("name", None)
    last = values.pop("classifier_activation", "softmax")
    own = {word: values.pop(word) for word in _OWN if values.get(word) is not None}
    for word, value in values.items():
        if value is not None and value != _USUAL.get(word):
            raise Refused(_usual(title, word))
    if "input_shape" not in own and not own.get("include_top", True):
        own["input_shape"] = [None, None, 3]
    if "rescaled" in spec.fields:
        own["rescaled"] = weights == "imagenet"
    for problem in spec.check(spec.complete(own)).values():
        raise Refused(problem)
    if weights is not None:
        sentence = text(
            "{layer} is drawn without the weights “{weights}”: load them once it is open.",
            layer=title,
            weights=weights,
        )
        tell(sentence, "ignored")
    plan = spec.plan(own)
    network = plan.network
    if own.get("include_top", True) and last != "softmax":
        if last not in (None, "linear", *ACTIVATIONS):
            raise Refused(_usual(title, "classifier_activation"))
        network = _ending(network, plan.outputs[0], last)
    shape = spec.complete(own)["input_shape"]
    called = name if isinstance(name, str) else title.lower()
    return Ready(network, plan.inputs[0], plan.outputs[0], shape, called)


def _usual(title: str, word: str) -> Text:
    """Return what is said of an argument that makes another model than can be drawn."""
    return text("{layer}: only the usual “{name}” can be drawn.", layer=title, name=word)


def _ending(network: Network, last: str, activation: Any) -> Network:
    """Return a network with another activation of its classifier."""
    activation = None if activation == "linear" else activation
    node = network.nodes[last]
    if node.layer == "Activation":
        ending = replace(node, params={"activation": activation or "linear"})
    else:
        kept = {word: value for word, value in node.params.items() if word != "activation"}
        ending = replace(node, params=kept | ({"activation": activation} if activation else {}))
    nodes = [ending if other.id == last else other for other in network.ordered()]
    return Network(nodes, network.edges(), network.blocks.values())


for _spec in BLOCKS:
    if issubclass(_spec, Application):
        READY[_spec.model] = partial(_draw, _spec)
