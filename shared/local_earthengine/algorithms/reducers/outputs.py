"""Outputs and weights of reducers: named, told, ignored, split."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from local_earthengine.algorithms.reducers.combinations import values_of
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.values.reducer import Columns, OfWindow, Output, Reducer, Weights, needs_more


@algorithm("Reducer.getOutputs")
def get_outputs(reducer: Reducer) -> list[str]:
    """Return the names of the outputs."""
    return [output.name for output in reducer.outputs]


@algorithm("Reducer.unweighted")
def unweighted(reducer: Reducer) -> Reducer:
    """Return the same with every neighbour's weight taken as 1."""
    outputs = (
        replace(output, fast_window=_ignoring_weights(output.fast_window), weighted=False)
        for output in reducer.outputs
    )
    return replace(reducer, outputs=tuple(outputs))


def _ignoring_weights(statistic: OfWindow | None) -> OfWindow | None:
    if statistic is None:
        return None
    return lambda values, valid, weights: statistic(values, valid, (weights > 0).astype(np.float64))


@algorithm("Reducer.setOutputs")
def set_outputs(reducer: Reducer, names: list[Any]) -> Reducer:
    """Give the outputs new names; one whose name is null or empty is dropped."""
    if len(names) != len(reducer.outputs):
        raise EarthEngineError(f"{len(reducer.outputs)} names are needed, {len(names)} were given.")
    pairs = zip(reducer.outputs, names, strict=True)
    kept = tuple(replace(output, name=str(name)) for output, name in pairs if name)
    if len({output.name for output in kept}) != len(kept):
        raise EarthEngineError(f"The outputs need different names, not {names}.")
    return replace(reducer, outputs=kept)


@algorithm("Reducer.splitWeights")
def split_weights(reducer: Reducer) -> Reducer:
    """Make each weighted input two: the value, and its weight. Of one input only here."""
    if reducer.inputs != 1 or not all(output.weighted for output in reducer.outputs):
        raise EarthEngineError("Only a weighted reducer of one input can have its weights split.")

    def split(output: Output) -> Output:
        """Return the output with a second input for its weight."""

        def of_columns(columns: Columns, weights: Weights) -> Any:
            """Return the value of the first column, weighted by the second."""
            del weights
            own = replace(output, inputs=(0,))
            given = np.asarray(columns[1], np.float64)
            return values_of(Reducer((own,)), columns[:1], given)[output.name]

        return Output(
            output.name, needs_more(output.name, 2), output.kind, inputs=(0, 1),
            of_columns=of_columns,
        )  # fmt: skip

    return Reducer(tuple(split(output) for output in reducer.outputs), 2)
