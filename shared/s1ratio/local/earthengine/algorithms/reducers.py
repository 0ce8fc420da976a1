"""Reducers of one input: statistics, their combinations and their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from s1ratio.local.earthengine.errors import EarthEngineError
from s1ratio.local.earthengine.pixels.kernels import stacks, windows
from s1ratio.local.earthengine.registry import add, algorithm
from s1ratio.local.earthengine.values.pixeltype import BOOLEAN, DOUBLE, NAMED, PixelType
from s1ratio.local.earthengine.values.reducer import OfWindow, Output, Reducer, Result

Mask = NDArray[np.bool_]
Weights = NDArray[np.float64]


def _floating(kind: PixelType) -> PixelType:
    return kind.floating


def _same(kind: PixelType) -> PixelType:
    return kind


def _whole(_: PixelType) -> PixelType:
    return NAMED["int"]


def _double(_: PixelType) -> PixelType:
    return DOUBLE


def _boolean(_: PixelType) -> PixelType:
    return BOOLEAN


def _flat(kernel: Callable[[NDArray[Any], Mask, Mask], Result]) -> OfWindow:
    """A kernel that takes the neighbours of weight above 0, all alike."""
    return lambda values, valid, weights: kernel(values, valid, weights > 0)


def _window_mean(values: NDArray[Any], valid: Mask, weights: Weights) -> Result:
    weight, mean, _ = windows.moments(values, valid, weights)
    return mean, weight > 0


def _window_variance(values: NDArray[Any], valid: Mask, weights: Weights) -> Result:
    weight, _, variance = windows.moments(values, valid, weights)
    return variance, weight > 0


def _window_deviation(values: NDArray[Any], valid: Mask, weights: Weights) -> Result:
    variance, some = _window_variance(values, valid, weights)
    return np.sqrt(variance), some


def _window_sum(values: NDArray[Any], valid: Mask, weights: Weights) -> Result:
    sums = windows.weighted_sum(np.where(valid, values, 0), weights)
    return sums, windows.count(valid, weights > 0) > 0


def _window_count(values: NDArray[Any], valid: Mask, weights: Weights) -> Result:
    del values
    number = windows.count(valid, weights > 0)
    return number, np.ones(number.shape, np.bool_)


_TABLE: Final = (
    Output("count", stacks.count, _whole, _window_count),
    Output("sum", stacks.total, _double, _window_sum),
    Output("product", stacks.product, _double),
    Output("mean", stacks.mean, _floating, _window_mean),
    Output("variance", stacks.variance, _floating, _window_variance),
    Output("stdDev", stacks.deviation, _floating, _window_deviation),
    Output("min", stacks.smallest, _same, _flat(windows.smallest)),
    Output("max", stacks.largest, _same, _flat(windows.largest)),
    Output("median", stacks.median, _floating, _flat(windows.median)),
    Output("mode", stacks.mode, _same),
    Output("first", stacks.first, _same),
    Output("last", stacks.last, _same),
    Output("all", stacks.every, _boolean),
    Output("any", stacks.some, _boolean),
)
OUTPUTS: Final[Mapping[str, Output]] = {output.name: output for output in _TABLE}

# What Earth Engine calls the reducer, where that isn't the output's name.
_NAMED: Final[Mapping[str, Output]] = {
    **{
        name: OUTPUTS[name]
        for name in ("count", "sum", "product", "mean", "variance", "stdDev", "first", "last")
    },
    "allNonZero": OUTPUTS["all"],
    "anyNonZero": OUTPUTS["any"],
    "and": OUTPUTS["all"],
    "or": OUTPUTS["any"],
    "firstNonNull": OUTPUTS["first"],
    "lastNonNull": OUTPUTS["last"],
    "sampleVariance": Output("variance", partial(stacks.variance, sample=True), _floating),
    "sampleStdDev": Output("stdDev", partial(stacks.deviation, sample=True), _floating),
}


def _plain(output: Output) -> Callable[[], Reducer]:
    return lambda: Reducer((output,))


for _name, _output in _NAMED.items():
    add(f"Reducer.{_name}", _plain(_output))


@algorithm("Reducer.minMax")
def min_max() -> Reducer:
    """The least and the greatest."""
    return Reducer((OUTPUTS["min"], OUTPUTS["max"]))


def _bucketed(name: str) -> Callable[[Any, Any, Any], Reducer]:
    """Exact, so that the sizes of a histogram's buckets don't matter."""

    def make(buckets: int | None, width: float | None, raw: int | None) -> Reducer:
        del buckets, width, raw
        return Reducer((OUTPUTS[name],))

    return make


for _name in ("median", "mode"):
    add(f"Reducer.{_name}", _bucketed(_name))


def _single(name: str) -> Callable[[int], Reducer]:
    def make(inputs: int) -> Reducer:
        if inputs != 1:
            raise EarthEngineError("Reducers of several inputs are not supported here.")
        return Reducer((OUTPUTS[name],))

    return make


for _name in ("min", "max"):
    add(f"Reducer.{_name}", _single(_name))


@algorithm("Reducer.percentile")
def percentile(
    percents: list[float],
    names: list[str] | None,
    buckets: int | None,
    width: float | None,
    raw: int | None,
) -> Reducer:
    """Outputs `p25`, ..., or the names given; by the nearest rank."""
    del buckets, width, raw
    labels = names or [f"p{percent:g}" for percent in percents]
    if len(labels) != len(percents) or not all(0 <= percent <= 100 for percent in percents):
        raise EarthEngineError("Percentiles lie between 0 and 100, with a name for each.")
    outputs = (
        Output(label, partial(stacks.percentile, percent=percent), _same)
        for label, percent in zip(labels, percents, strict=True)
    )
    return Reducer(tuple(outputs))


@algorithm("Reducer.combine")
def combine(one: Reducer, other: Reducer, prefix: str, shared: bool) -> Reducer:
    """Both on the same input; a name that is taken gets a number behind it."""
    if not shared:
        raise EarthEngineError("Only combinations with sharedInputs=true are supported here.")
    return one.combined(other, prefix)


@algorithm("Reducer.setOutputs")
def set_outputs(reducer: Reducer, names: list[str]) -> Reducer:
    """New names for the outputs."""
    if len(names) != len(reducer.outputs):
        raise EarthEngineError(f"{len(reducer.outputs)} names are needed, {len(names)} were given.")
    pairs = zip(reducer.outputs, names, strict=True)
    return Reducer(tuple(replace(output, name=name) for output, name in pairs))


@algorithm("Reducer.getOutputs")
def get_outputs(reducer: Reducer) -> list[str]:
    """The names of the outputs."""
    return [output.name for output in reducer.outputs]


@algorithm("Reducer.unweighted")
def unweighted(reducer: Reducer) -> Reducer:
    """The same with every neighbour's weight taken as 1."""
    outputs = (
        replace(output, fast_window=_ignoring_weights(output.fast_window))
        for output in reducer.outputs
    )
    return Reducer(tuple(outputs))


def _ignoring_weights(kernel: OfWindow | None) -> OfWindow | None:
    if kernel is None:
        return None
    return lambda values, valid, weights: kernel(values, valid, (weights > 0).astype(np.float64))
