"""What layers hold besides numbers: initializers, regularizers and constraints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.errors import Text, text
from engine.fields import Choice, Float, Int, Spec
from engine.registry import Registry


class ObjectSpec(Spec):
    """An object of Keras with a name that strings can tell, such as "l2".

    Attributes:
        module: Its module in Keras, such as "regularizers".
        keras: Name of its class there.
        named: Whether Keras makes it from its name alone.
    """

    module: ClassVar[str] = ""
    keras: ClassVar[str] = ""
    named: ClassVar[bool] = True


class ObjectRef(Choice):
    """One of a registry's objects.

    Its value is the object's key, or `{"name": key, "params": {...}}` where parameters differ
    from their defaults.

    Attributes:
        registry: The objects there are.
    """

    def __init__(
        self, default: Any, *, registry: Registry[type[ObjectSpec]], **common: Any
    ) -> None:
        super().__init__(default, options=registry.keys(), **common)
        self.registry = registry

    def spec_of(self, value: Any) -> type[ObjectSpec] | None:
        """Return the declaration that a value names, or None."""
        return self.registry.find(str(value.get("name") if isinstance(value, Mapping) else value))

    def check_value(self, value: Any) -> Text | None:
        if not isinstance(value, Mapping):
            return super().check_value(value)
        spec, params = self.registry.find(str(value.get("name"))), value.get("params", {})
        if spec is None or not isinstance(params, Mapping):
            return super().check_value(value.get("name"))
        wrong = spec.check(params)
        unknown = params.keys() - spec.fields.keys()
        if unknown:
            return text(
                "{label}: “{name}” has no parameter “{parameter}”.",
                label=self.label,
                name=spec.key,
                parameter=min(unknown),
            )
        return next(iter(wrong.values()), None)

    def short(self, key: str, params: Mapping[str, Any]) -> Any:
        """Return the value that stands for an object: its key alone where that says all."""
        own = self.registry.get(key).trim(params)
        return {"name": key, "params": own} if own else key

    def for_keras(self, value: Any) -> Any:
        """Return what Keras understands: a name, or a class with its arguments."""
        spec = self.spec_of(value)
        if spec is None or (spec.named and not isinstance(value, Mapping)):
            return value
        return {"class_name": spec.keras, "config": spec.complete(self.params_of(value))}

    @staticmethod
    def params_of(value: Any) -> dict[str, Any]:
        """Return the parameters that a value gives."""
        params = value.get("params") if isinstance(value, Mapping) else None
        return dict(params) if isinstance(params, Mapping) else {}


INITIALIZERS: Registry[type[ObjectSpec]] = Registry("initializer")
REGULARIZERS: Registry[type[ObjectSpec]] = Registry("regularizer")
CONSTRAINTS: Registry[type[ObjectSpec]] = Registry("constraint")


# --- initializers --------------------------------------------------------------------------


class Initializer(ObjectSpec):
    """What initializers share."""

    module = "initializers"


class Drawn(Initializer):
    """Initializers that draw at random."""

    seed = Int(
        None,
        min=0,
        optional=True,
        advanced=True,
        label="Seed",
        help="Number that makes the draw repeatable; empty for a new one each time.",
    )


def _drawn(key: str, keras: str) -> None:
    """Declare an initializer without parameters of its own."""
    INITIALIZERS.register(key)(type(keras, (Drawn,), {"keras": keras, "title": keras}))


_drawn("glorot_uniform", "GlorotUniform")
_drawn("glorot_normal", "GlorotNormal")
_drawn("he_uniform", "HeUniform")
_drawn("he_normal", "HeNormal")
_drawn("lecun_uniform", "LecunUniform")
_drawn("lecun_normal", "LecunNormal")


@INITIALIZERS.register("orthogonal")
class Orthogonal(Drawn):
    """Rows or columns at right angles to each other."""

    title = keras = "Orthogonal"
    gain = Float(1.0, label="Gain", help="Factor by which the matrix is multiplied.")


@INITIALIZERS.register("random_normal")
class RandomNormal(Drawn):
    """Values around a mean."""

    title = keras = "RandomNormal"
    mean = Float(0.0, label="Mean")
    stddev = Float(0.05, min=0, label="Standard deviation")


@INITIALIZERS.register("random_uniform")
class RandomUniform(Drawn):
    """Values spread evenly over a range."""

    title = keras = "RandomUniform"
    minval = Float(-0.05, label="Least value")
    maxval = Float(0.05, label="Largest value")


@INITIALIZERS.register("truncated_normal")
class TruncatedNormal(Drawn):
    """Values around a mean; what is farther than two standard deviations is drawn again."""

    title = keras = "TruncatedNormal"
    mean = Float(0.0, label="Mean")
    stddev = Float(0.05, min=0, label="Standard deviation")


@INITIALIZERS.register("variance_scaling")
class VarianceScaling(Drawn):
    """Values whose spread follows from the number of inputs and outputs."""

    title = keras = "VarianceScaling"
    scale = Float(1.0, min=0, open_min=True, label="Scale")
    mode = Choice("fan_in", options=("fan_in", "fan_out", "fan_avg"), label="Mode")
    distribution = Choice(
        "truncated_normal",
        options=("truncated_normal", "untruncated_normal", "uniform"),
        label="Distribution",
    )


@INITIALIZERS.register("zeros")
class Zeros(Initializer):
    """All zeros."""

    title = keras = "Zeros"


@INITIALIZERS.register("ones")
class Ones(Initializer):
    """All ones."""

    title = keras = "Ones"


@INITIALIZERS.register("constant")
class Constant(Initializer):
    """The same number everywhere."""

    title = keras = "Constant"
    named = False
    value = Float(0.0, label="Value")


@INITIALIZERS.register("identity")
class Identity(Initializer):
    """The identity matrix."""

    title = keras = "Identity"


# --- regularizers --------------------------------------------------------------------------


class Regularizer(ObjectSpec):
    """What regularizers share."""

    module = "regularizers"


@REGULARIZERS.register("l1")
class L1(Regularizer):
    """The sum of the values' sizes times a factor."""

    title = keras = "L1"
    l1 = Float(0.01, min=0, label="L1 factor")


@REGULARIZERS.register("l2")
class L2(Regularizer):
    """The sum of the values' squares times a factor."""

    title = keras = "L2"
    l2 = Float(0.01, min=0, label="L2 factor")


@REGULARIZERS.register("l1l2")
class L1L2(Regularizer):
    """Both penalties."""

    title = keras = "L1L2"
    l1 = Float(0.0, min=0, label="L1 factor")
    l2 = Float(0.0, min=0, label="L2 factor")


@REGULARIZERS.register("orthogonal_regularizer")
class OrthogonalRegularizer(Regularizer):
    """A penalty on rows or columns that are not at right angles."""

    title = keras = "OrthogonalRegularizer"
    factor = Float(0.01, min=0, label="Factor")
    mode = Choice("rows", options=("rows", "columns"), label="Mode")


# --- constraints ---------------------------------------------------------------------------


class Constraint(ObjectSpec):
    """What constraints share."""

    module = "constraints"


class AlongAxis(Constraint):
    """Constraints that measure vectors."""

    axis = Int(0, min=-7, max=7, label="Axis", help="Axis along which lengths are measured.")


@CONSTRAINTS.register("max_norm")
class MaxNorm(AlongAxis):
    """Vectors no longer than a length."""

    title = keras = "MaxNorm"
    max_value = Float(2, min=0, label="Largest length")


@CONSTRAINTS.register("non_neg")
class NonNeg(Constraint):
    """No value below zero."""

    title = keras = "NonNeg"


@CONSTRAINTS.register("unit_norm")
class UnitNorm(AlongAxis):
    """Vectors of length one."""

    title = keras = "UnitNorm"


@CONSTRAINTS.register("min_max_norm")
class MinMaxNorm(AlongAxis):
    """Vectors whose length lies in a range."""

    title = keras = "MinMaxNorm"
    min_value = Float(0.0, min=0, label="Least length")
    max_value = Float(1.0, min=0, label="Largest length")
    rate = Float(1.0, min=0, max=1, label="Rate", help="How strongly lengths are drawn into it.")
