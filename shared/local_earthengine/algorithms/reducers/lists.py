"""Reducers that keep the values: as a list, or as features."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from local_earthengine.algorithms.reducers.kinds import double
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import INDEX, Feature
from local_earthengine.values.reducer import Columns, Output, Reducer, Weights, checked, needs_more


def _tuples(columns: Columns) -> list[tuple[Any, ...]]:
    lists = [c.tolist() if isinstance(c, np.ndarray) else list(c) for c in columns]
    return list(zip(*lists, strict=True))


def _null(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


@algorithm("Reducer.toList")
def to_list(size: int | None, optional: int) -> Reducer:
    """Return the values in order; with a tuple size, lists of so many inputs."""
    count = 1 if size is None else size
    _check_optional(count, optional)

    def of_columns(columns: Columns, weights: Weights) -> list[Any]:
        """Return values, or tuples of them."""
        del weights
        rows = [[_null(value) for value in row] for row in _tuples(columns)]
        return [row[0] for row in rows] if size is None else rows

    dimensions = 1 if size is None else 2
    output = Output(
        "list", needs_more("list", count), double, inputs=tuple(range(count)),
        of_columns=of_columns, required=count - optional, dimensions=dimensions,
    )  # fmt: skip
    return Reducer((output,), count)


def _check_optional(count: int, optional: int) -> None:
    checked(count, "The number of inputs")
    if not 0 <= optional <= count:
        raise EarthEngineError(f"There can't be {optional} optional inputs of {count}.")


@algorithm("Reducer.toCollection")
def to_collection(names: list[str], optional: int) -> Reducer:
    """Return features without a place, an input for each property."""
    _check_optional(len(names), optional)

    def of_columns(columns: Columns, weights: Weights) -> Collection:
        """Return a feature for each row, nulls left out."""
        del weights
        rows = ({n: _null(v) for n, v in zip(names, row, strict=True)} for row in _tuples(columns))
        return Collection(
            elements=[
                Feature({INDEX: str(i), **{n: v for n, v in row.items() if v is not None}})
                for i, row in enumerate(rows)
            ]
        )

    output = Output(
        "features", needs_more("features", len(names)), double, inputs=tuple(range(len(names))),
        of_columns=of_columns, required=len(names) - optional,
    )  # fmt: skip
    return Reducer((output,), len(names))
