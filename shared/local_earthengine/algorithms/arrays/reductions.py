"""Reductions of arrays along their axes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.reducers.statistics import OUTPUTS
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.pixeltype import PixelType
from local_earthengine.pixels.numerics import reductions
from local_earthengine.values.array import Array, array_of
from local_earthengine.values.moments import Moments
from local_earthengine.values.reducer import Output, Reducer


def kind_of(outputs: tuple[Output, ...], kind: PixelType) -> PixelType:
    """Return the type that holds what all outputs give for one type."""
    found = outputs[0].kind(kind)
    for output in outputs[1:]:
        found = found.union(output.kind(kind))
    return found


def fields_of(reducer: Reducer) -> list[reductions.Field]:
    """Return what a reduction of arrays needs of a reducer whose outputs are numbers."""
    arrays_of = [output.name for output in reducer.outputs if output.dimensions]
    if arrays_of:
        raise EarthEngineError(f"The reducer's output '{arrays_of[0]}' is not a number.")
    return [
        reductions.Field(
            output.of_tuples or output.of_stack,
            output.inputs,
            bool(output.of_tuples),
            output.of_moments and output.of_moments(Moments()),
        )
        for output in reducer.outputs
    ]


@algorithm("Array.reduce")
def reduced(array: Array, reducer: Reducer, axes: list[int], field: int | None) -> Array:
    """Reduce the axes to length 1; the sum of nothing is 0, as of a list.

    Raise EarthEngineError where the reducer gives nothing.

    Unsettled: what a mean, least or greatest of an empty array is; here it is refused, and a pixel
    of an array image is masked.
    """
    fields = fields_of(reducer)
    found, some = reductions.reduced(array.values[None], fields, axes, field, reducer.inputs)
    return _whole(found, some, kind_of(reducer.outputs, array.kind))


def _whole(found: NDArray[Any], some: NDArray[np.bool_], kind: PixelType) -> Array:
    if not some[0]:
        raise EarthEngineError("The reducer gives no number for an empty array.")
    return array_of(found[0], kind)


@algorithm("Array.accum")
def accumulated(array: Array, axis: int, reducer: Reducer | None) -> Array:
    """Return at each position the reduction, by default the sum, of all up to it."""
    (output,) = single(reducer)
    found, some = reductions.accumulated(array.values[None], output.of_stack, axis)
    return _whole(found, some, output.kind(array.kind))


def single(reducer: Reducer | None) -> tuple[Output]:
    """Return a reducer's only output, of none the sum; raise EarthEngineError if it has several."""
    outputs = (OUTPUTS["sum"],) if reducer is None else reducer.outputs
    if len(outputs) != 1 or (reducer is not None and reducer.inputs != 1):
        raise EarthEngineError("Expected a reducer with one input and one output.")
    return (outputs[0],)
