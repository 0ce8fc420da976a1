"""Reducers made of reducers: side by side, repeated, one for each name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.image import Image
from local_earthengine.values.reducer import Columns, Output, Reducer, Weights, checked, needs_more
from local_earthengine.values.reduction import Accumulator


@algorithm("Reducer.combine")
def combine(one: Reducer, other: Reducer, prefix: str, shared: bool) -> Reducer:
    """Put both on the same inputs, of which they must take equally many, or on separate."""
    if shared and one.inputs != other.inputs:
        raise EarthEngineError(
            "Reducers that share inputs must have the same number of inputs; "
            f"they have {one.inputs} and {other.inputs}."
        )
    return _distinct(one.combined(other, prefix, shared))


def _distinct(reducer: Reducer) -> Reducer:
    """Put a number behind each name that is taken."""
    names: set[str] = set()
    outputs: list[Output] = []
    for output in reducer.outputs:
        name, number = output.name, 0
        while name in names:
            number += 1
            name = f"{output.name}_{number}"
        names.add(name)
        outputs.append(replace(output, name=name))
    return replace(reducer, outputs=tuple(outputs))


def _copies(reducer: Reducer, count: int) -> list[Reducer]:
    """Return the reducer on its own inputs, on the next ones, and so on."""
    checked(count * max(1, reducer.inputs), "The number of inputs")
    nothing = Reducer((), 0)
    return [
        replace(nothing, inputs=i * reducer.inputs).combined(reducer, "", shared=False)
        for i in range(count)
    ]


@algorithm("Reducer.repeat")
def repeat(reducer: Reducer, count: int) -> Reducer:
    """Return outputs of the same names, each with the list of what the copies gave."""
    copies = _copies(reducer, count)
    rows = zip(*(copy.outputs for copy in copies), strict=True)
    return Reducer(tuple(_listed(row) for row in rows), copies[-1].inputs)


def _listed(outputs: Sequence[Output]) -> Output:
    """Return one output with a list of others' values; each keeps its own rule about nulls."""
    first, inputs = outputs[0], tuple(place for output in outputs for place in output.inputs)
    size = len(first.inputs)

    def of_columns(columns: Columns, weights: Weights) -> list[Any]:
        """Return the others' values of columns."""
        found = []
        for i in range(len(outputs)):
            mine = columns[i * size : (i + 1) * size]
            single = replace(first, inputs=tuple(range(size)))
            found.append(values_of(Reducer((single,), size), mine, weights)[first.name])
        return found

    def of_tuples(values: Any, valid: Any) -> Any:
        """Return the others' values of pixels, known where all are."""
        statistic = first.of_stack if first.of_tuples is None else first.of_tuples
        parts = [
            statistic(part[:, 0] if first.of_tuples is None else part, valid)
            for part in (values[:, i * size : (i + 1) * size] for i in range(len(outputs)))
        ]
        some = np.logical_and.reduce([part[1] for part in parts])
        return np.stack([part[0] for part in parts], axis=some.ndim), some

    return Output(
        first.name, needs_more(first.name, len(inputs)), first.kind, inputs=inputs,
        of_tuples=of_tuples, dimensions=first.dimensions + 1, of_columns=of_columns,
        weighted=first.weighted, required=0,
    )  # fmt: skip


def values_of(reducer: Reducer, columns: Columns, weights: Weights) -> dict[str, Any]:
    """Return what a reducer makes of columns, by its outputs' names."""
    accumulator = Accumulator(reducer)
    accumulator.add(columns, weights, np.ones(len(weights), np.bool_))
    return accumulator.results()


@algorithm("Reducer.forEach")
def for_each(reducer: Reducer, names: list[str]) -> Reducer:
    """Make a copy for each name, in front of the outputs' names or instead of a single."""
    whole = Reducer((), 0)
    for name, copy in zip(names, _copies(reducer, len(names)), strict=True):
        alone = len(copy.outputs) == 1
        outputs = tuple(
            replace(output, name=name if alone else f"{name}_{output.name}")
            for output in copy.outputs
        )
        whole = Reducer((*whole.outputs, *outputs), copy.inputs)
    return _distinct(whole)


@algorithm("Reducer.forEachBand")
def for_each_band(reducer: Reducer, image: Image) -> Reducer:
    """Return a copy for each band of an image, named after it."""
    return for_each(reducer, image.band_names)
