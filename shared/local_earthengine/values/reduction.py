"""Reducers applied to columns of values: a list's, a collection's properties, a region's pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixeltype import of_dtype
from local_earthengine.values.array import Array, array_of
from local_earthengine.values.moments import Moments
from local_earthengine.values.reducer import Column, Columns, Output, Reducer, Weights

_Key = tuple[tuple[int, ...], int, bool]


@dataclass
class _Store:
    """What the outputs over the same inputs share: sums, and the values where sums won't do."""

    moments: Moments = field(default_factory=Moments)
    pieces: list[tuple[list[Any], Weights]] = field(default_factory=list)

    def columns(self, count: int) -> tuple[Columns, Weights]:
        """Return all pieces in one."""
        if len(self.pieces) != 1:
            pieces = self.pieces or [([np.zeros(0)] * count, np.zeros(0))]
            columns = [np.concatenate(parts) for parts in zip(*(p for p, _ in pieces), strict=True)]
            self.pieces = [(columns, np.concatenate([weights for _, weights in pieces]))]
        return self.pieces[0]


class Accumulator:
    """A reducer at work on pieces of columns.

    Statistics that sums can tell hold none of the values; all others hold theirs to the end.
    """

    def __init__(self, reducer: Reducer) -> None:
        self._outputs = reducer.outputs
        self._stores: dict[_Key, _Store] = {}
        self._sums: set[_Key] = set()
        self._holds: set[_Key] = set()
        for output in reducer.outputs:
            self._stores.setdefault(_key(output), _Store())
            (self._holds if output.of_moments is None else self._sums).add(_key(output))

    def add(self, columns: Columns, weights: Weights, centred: NDArray[np.bool_]) -> None:
        """Join columns as long as `weights`; unweighted outputs take those that are `centred`.

        A null, or in an array of numbers a NaN, is a value that isn't there.
        """
        for key, store in self._stores.items():
            inputs, required, weighted = key
            kept = weights > 0 if weighted else centred
            mine = [columns[place] for place in inputs]
            for column in mine[:required]:
                kept = kept & _present(column)
            chosen = [_picked(column, kept) for column in mine]
            own = weights[kept] if weighted else np.ones(int(kept.sum()))
            if key in self._holds:
                store.pieces.append((chosen, own))
            if key in self._sums:
                store.moments.add(_scalars(chosen[0]), own)

    def results(self) -> dict[str, Any]:
        """Return each output's value by its name, null where there is none."""
        return {output.name: self._result(output) for output in self._outputs}

    def _result(self, output: Output) -> Any:
        store = self._stores[_key(output)]
        if output.of_moments is not None:
            return output.of_moments(store.moments)
        columns, weights = store.columns(len(output.inputs))
        if output.of_columns is not None:
            return output.of_columns(columns, weights)
        return _of_numbers(output, columns)


def _key(output: Output) -> _Key:
    count = len(output.inputs)
    required = count if output.required < 0 else output.required
    return output.inputs, required, output.weighted


def _present(column: Column) -> NDArray[np.bool_]:
    if isinstance(column, np.ndarray) and column.dtype.kind == "f":
        return np.asarray(~np.isnan(column.reshape(len(column), -1)).any(axis=1))
    if isinstance(column, np.ndarray) and column.dtype.kind != "O":
        return np.ones(len(column), np.bool_)
    return np.array([value is not None for value in column], np.bool_)


def _picked(column: Column, kept: NDArray[np.bool_]) -> Any:
    if isinstance(column, np.ndarray):
        return column[kept]
    return [value for value, keep in zip(column, kept, strict=True) if keep]


def _scalars(column: Column) -> NDArray[Any]:
    values = numbers(column)
    if values.ndim > 1:
        raise EarthEngineError("The reducer takes numbers, not arrays.")
    return values


def numbers(column: Column) -> NDArray[Any]:
    """Return a column as an array of numbers; raise EarthEngineError if something in it is none."""
    if isinstance(column, np.ndarray) and column.dtype.kind != "O":
        return column
    if not all(isinstance(value, (int, float)) for value in column):
        wrong = next(value for value in column if not isinstance(value, (int, float)))
        raise EarthEngineError(f"The reducer takes numbers, not {str(wrong)[:50]!r}.")
    return np.array([*column] or np.zeros(0))


def _of_numbers(output: Output, columns: Columns) -> Any:
    """Return the statistic of a stack that is one pixel wide."""
    arrays = [numbers(column) for column in columns]
    statistic = output.of_stack if output.of_tuples is None else output.of_tuples
    values = arrays[0] if output.of_tuples is None else np.stack(arrays, axis=1)
    valid = np.ones(len(values), np.bool_)
    if not len(values):
        values, valid = np.zeros((1, *values.shape[1:])), np.zeros(1, np.bool_)
    with np.errstate(all="ignore"):
        found, some = statistic(values, valid)
    if not np.all(some) or not np.isfinite(found).all():
        return None
    return array_of(found, of_dtype(found.dtype)) if np.ndim(found) else np.asarray(found).item()


def reduced(reducer: Reducer, columns: Columns, weights: Weights | None = None) -> dict[str, Any]:
    """Reduce columns of one length to each output's value; of weight 1 unless weights are given."""
    count = len(columns[0]) if columns else 0
    accumulator = Accumulator(reducer)
    given = np.ones(count) if weights is None else weights
    accumulator.add([_typed(c) for c in columns], given, np.ones(count, np.bool_))
    return accumulator.results()


def _typed(column: Column) -> Column:
    """Return a column of nothing but numbers as an array."""
    plain = all(isinstance(value, (int, float)) for value in column)
    small = plain and all(isinstance(v, float) or abs(v) < 2**63 for v in column)
    return np.array(column) if small and len(column) else column


def plain(result: Any) -> Any:
    """Return an array of no dimensions as its number."""
    return result.values.item() if isinstance(result, Array) and not result.values.ndim else result
