"""Where data comes from: one file a source.

To add a source, write its class in a file here; the data panel, the command line, code export
and the contract tests follow.
"""

from engine.datasets.adapt import fit_inputs, fit_targets
from engine.datasets.spec import DATASETS, UNDECIDED, Context, Dataset, DatasetSpec
from engine.datasets.split import split_validation
from engine.registry import import_modules

import_modules(__name__, list(__path__))

__all__ = [
    "DATASETS",
    "UNDECIDED",
    "Context",
    "Dataset",
    "DatasetSpec",
    "fit_inputs",
    "fit_targets",
    "split_validation",
]
