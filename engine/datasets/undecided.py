"""No data yet: what a network has that was drawn elsewhere, until a person chooses."""

from __future__ import annotations

from engine.datasets.spec import DATASETS, UNDECIDED, Dataset, DatasetSpec, SourceCode
from engine.errors import DataProblem
from engine.fields import Params


@DATASETS.register(UNDECIDED)
class Undecided(DatasetSpec):
    """The network can be looked at, changed and exported; training needs a source."""

    title = "No data yet"
    search = ("none", "没有数据", "未选择")

    @classmethod
    def load(cls, params: Params, context: object = None) -> Dataset:
        raise DataProblem("No data is chosen yet: choose a source in the Data tab.")

    @classmethod
    def code(cls, params: Params) -> SourceCode:
        wish = "load your data into x_train, y_train, x_test, y_test and call model.fit."
        return SourceCode(f"# To do: {wish}")
