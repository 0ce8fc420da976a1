"""Reducers made of reducers: side by side, repeated, by groups, under other names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import DOUBLE
from local_earthengine.values.image import Image
from local_earthengine.values.reducer import (
    Column,
    Columns,
    Output,
    Reducer,
    Weights,
    checked,
    needs_more,
)
from local_earthengine.values.reduction import Accumulator


@algorithm("Reducer.combine")
def combine(one: Reducer, other: Reducer, prefix: str, shared: bool) -> Reducer:
    """Both: on the same inputs, of which they must take equally many, or on separate ones."""
    if shared and one.inputs != other.inputs:
        raise EarthEngineError(
            "Reducers that share inputs must have the same number of inputs; "
            f"they have {one.inputs} and {other.inputs}."
        )
    return _distinct(one.combined(other, prefix, shared))


def _distinct(reducer: Reducer) -> Reducer:
    """A name that is taken gets a number behind it."""
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


@algorithm("Reducer.setOutputs")
def set_outputs(reducer: Reducer, names: list[Any]) -> Reducer:
    """New names for the outputs; one whose name is null or empty is dropped."""
    if len(names) != len(reducer.outputs):
        raise EarthEngineError(f"{len(reducer.outputs)} names are needed, {len(names)} were given.")
    pairs = zip(reducer.outputs, names, strict=True)
    kept = tuple(replace(output, name=str(name)) for output, name in pairs if name)
    if len({output.name for output in kept}) != len(kept):
        raise EarthEngineError(f"The outputs need different names, not {names}.")
    return replace(reducer, outputs=kept)


def _copies(reducer: Reducer, count: int) -> list[Reducer]:
    """The reducer on its own inputs, on the next ones, and so on."""
    checked(count * max(1, reducer.inputs), "The number of inputs")
    nothing = Reducer((), 0)
    return [
        replace(nothing, inputs=i * reducer.inputs).combined(reducer, "", shared=False)
        for i in range(count)
    ]


@algorithm("Reducer.repeat")
def repeat(reducer: Reducer, count: int) -> Reducer:
    """Outputs of the same names, each with the list of what the copies gave."""
    copies = _copies(reducer, count)
    rows = zip(*(copy.outputs for copy in copies), strict=True)
    return Reducer(tuple(_listed(row) for row in rows), copies[-1].inputs)


def _listed(outputs: Sequence[Output]) -> Output:
    """One output with a list of others' values; each keeps its own rule about nulls."""
    first, inputs = outputs[0], tuple(place for output in outputs for place in output.inputs)
    size = len(first.inputs)

    def of_columns(columns: Columns, weights: Weights) -> list[Any]:
        found = []
        for i in range(len(outputs)):
            mine = columns[i * size : (i + 1) * size]
            single = replace(first, inputs=tuple(range(size)))
            found.append(_values(Reducer((single,), size), mine, weights)[first.name])
        return found

    def of_tuples(values: Any, valid: Any) -> Any:
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


def _values(reducer: Reducer, columns: Columns, weights: Weights) -> dict[str, Any]:
    accumulator = Accumulator(reducer)
    accumulator.add(columns, weights, np.ones(len(weights), np.bool_))
    return accumulator.results()


@algorithm("Reducer.forEach")
def for_each(reducer: Reducer, names: list[str]) -> Reducer:
    """A copy for each name: the name alone of a single output, else in front of the outputs'."""
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
    """A copy for each band of an image, named after it."""
    return for_each(reducer, image.band_names)


@algorithm("Reducer.group")
def group(reducer: Reducer, place: int, name: str) -> Reducer:
    """The reducer on the tuples that agree in one input; `groups`, in the order of that input.

    A tuple whose group is null belongs to none. Where one of the reducer's outputs is weighted,
    its unweighted ones take the region's border pixels too.
    """
    count = reducer.inputs + 1
    if not 0 <= place < count:
        raise EarthEngineError(f"The group field {place} is none of the {count} inputs.")
    weighted = any(output.weighted for output in reducer.outputs)

    def of_columns(columns: Columns, weights: Weights) -> list[dict[str, Any]]:
        # The group comes first, as the one input that must not be null.
        keys, rest = _keys(columns[0]), columns[1:]
        members: dict[Any, list[int]] = {}
        for row, key in enumerate(keys):
            members.setdefault(key, []).append(row)
        found = []
        for key in sorted(members, key=lambda key: (isinstance(key, str), key)):
            rows = np.array(members[key])
            mine = [_rows(column, rows) for column in rest]
            found.append({name: key, **_values(reducer, mine, weights[rows])})
        return found

    others = tuple(i for i in range(count) if i != place)
    output = Output(
        "groups", needs_more("groups", 1), lambda _: DOUBLE, inputs=(place, *others),
        of_columns=of_columns, weighted=weighted, required=1,
    )  # fmt: skip
    return Reducer((output,), count)


def _keys(column: Column) -> list[Any]:
    values = column.tolist() if isinstance(column, np.ndarray) else list(column)
    return [
        value if isinstance(value, (int, float, str)) else str(to_json(value)) for value in values
    ]


def _rows(column: Column, rows: Any) -> Any:
    return column[rows] if isinstance(column, np.ndarray) else [column[row] for row in rows]


@algorithm("Reducer.splitWeights")
def split_weights(reducer: Reducer) -> Reducer:
    """Each weighted input becomes two: the value, and its weight. Of one input only here."""
    if reducer.inputs != 1 or not all(output.weighted for output in reducer.outputs):
        raise EarthEngineError("Only a weighted reducer of one input can have its weights split.")

    def split(output: Output) -> Output:
        def of_columns(columns: Columns, weights: Weights) -> Any:
            del weights
            own = replace(output, inputs=(0,))
            given = np.asarray(columns[1], np.float64)
            return _values(Reducer((own,)), columns[:1], given)[output.name]

        return Output(
            output.name, needs_more(output.name, 2), output.kind, inputs=(0, 1),
            of_columns=of_columns,
        )  # fmt: skip

    return Reducer(tuple(split(output) for output in reducer.outputs), 2)
