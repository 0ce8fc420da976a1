"""Reducers that count values: different ones, runs of equal ones, and all of them."""

from __future__ import annotations

from typing import Final

import numpy as np

from local_earthengine.algorithms.reducers.kinds import whole
from local_earthengine.algorithms.reducers.statistics import single_output
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import add
from local_earthengine.pixels.numerics import shapes
from local_earthengine.values.reducer import Columns, Output, Weights


def _distinct(columns: Columns, weights: Weights) -> int:
    del weights
    column = columns[0]
    if isinstance(column, np.ndarray) and column.dtype.kind != "O":
        return len(np.unique(column))
    return len({str(to_json(value)) for value in column})


def _runs(columns: Columns, weights: Weights) -> int:
    del weights
    column = columns[0]
    values = column.tolist() if isinstance(column, np.ndarray) else list(column)
    shown = [str(to_json(value)) for value in values]
    return sum(i == 0 or value != shown[i - 1] for i, value in enumerate(shown))


def _size(columns: Columns, weights: Weights) -> int:
    del columns
    return len(weights)


_TABLE: Final = {
    "countDistinct": Output("count", shapes.distinct, whole, of_columns=_distinct),
    "countDistinctNonNull": Output("count", shapes.distinct, whole, of_columns=_distinct),
    "countRuns": Output("count", shapes.runs, whole, of_columns=_runs),
    "countEvery": Output("count", shapes.every, whole, of_columns=_size, required=0),
}
for _name, _output in _TABLE.items():
    add(f"Reducer.{_name}", single_output(_output))
