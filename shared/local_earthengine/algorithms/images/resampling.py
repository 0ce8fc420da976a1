"""How an image is seen on another lattice: interpolated, or many pixels to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.reducers.nodes import check_inputs
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.lattice import Lattice
from local_earthengine.geo.projection import WGS84
from local_earthengine.pixels.coarsened import Coarsened
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.resampling import REACH, Interpolated
from local_earthengine.pixels.stack import union_kind
from local_earthengine.values import ranks
from local_earthengine.values.image import Band, Image
from local_earthengine.values.moments import Moments, deviation_of, mean_of, sum_of
from local_earthengine.values.reducer import Output, Reducer

Numbers = NDArray[Any]


def _lattice(band: Band) -> Lattice:
    return Lattice(band.projection.crs, band.projection.transform)


@algorithm("Image.resample")
def resample(image: Image, mode: str) -> Image:
    """Interpolate on every lattice but the bands' own; floating point, as the values become it.

    A band without a meaningful projection, as a composite has it, stays as it is.

    Unsettled: the cubic is Keys' with a = -0.5; a pixel is valid where the nearest one is, and
    masked neighbours are left out of its weights.
    """
    if mode not in REACH:
        raise EarthEngineError(f"The mode must be 'bilinear' or 'bicubic', not '{mode}'.")
    return image.with_bands(
        [
            band
            if band.projection == WGS84
            else replace(band, node=Interpolated(band.node, _lattice(band), mode))
            for band in image.bands
        ]
    )


@algorithm("Image.reduceResolution")
def reduce_resolution(image: Image, reducer: Reducer, best_effort: bool, most: int) -> Image:
    """Make each pixel of coarser lattices a statistic of the pixels that cover it.

    Their weight is the share of the output pixel that they cover, so that a sum is no total: that
    is `sum().unweighted()`. Unweighted reducers take the pixels whose centres lie in it. With
    `bestEffort` there is no limit to their number, and no pyramid.

    Unsettled: which reducers are weighted, as of regions, and which pixels an unweighted one takes;
    `maxPixels` counts the centres. From one coordinate system to another a share is that of 64
    points a pixel.
    """
    limit = None if best_effort else most
    if reducer.inputs > 1:
        check_inputs(reducer, len(image.bands), "image")
        nodes = [band.node for band in image.bands]
        first = image.bands[0]
        return image.with_bands(
            [
                replace(first, name=out.name, node=_node(out, nodes, _lattice(first), limit))
                for out in reducer.outputs
            ]
        )
    alone = len(reducer.outputs) == 1
    return image.with_bands(
        [
            replace(
                band,
                name=band.name if alone else f"{band.name}_{output.name}",
                node=_node(output, [band.node], _lattice(band), limit),
            )
            for band in image.bands
            for output in reducer.outputs
        ]
    )


def _node(output: Output, nodes: list[Node], lattice: Lattice, most: int | None) -> Node:
    mine = [nodes[place] for place in output.inputs]
    if output.dimensions:
        raise EarthEngineError(f"The reducer's output '{output.name}' is an array.")
    statistic = output.of_stack if output.of_tuples is None else output.of_tuples
    kind = output.kind(union_kind(mine))
    weigh = partial(_weighed, output) if output.weighted else None
    return Coarsened(statistic, kind, mine, lattice, most, output.of_tuples is not None, weigh)


def _weighed(
    output: Output, columns: Sequence[Numbers], weights: Numbers, owner: Numbers, size: int
) -> tuple[Numbers, Numbers]:
    """Return an output's value for each owner of weighted values, and which have one."""
    if output.of_moments is not None:
        return _of_sums(output.of_moments, columns[0], weights, owner, size)
    if output.of_columns is ranks.median:
        return ranks.medians(columns, weights, owner, size)
    found, some = np.zeros(size), np.zeros(size, np.bool_)
    places, starts = np.unique(owner, return_index=True)
    for place, start, end in zip(places, starts, [*starts[1:], len(owner)], strict=True):
        mine = [column[start:end] for column in columns]
        value = output.of_columns(mine, weights[start:end]) if output.of_columns else None
        if isinstance(value, (int, float)):
            found[place], some[place] = value, True
    return found, some


def _of_sums(
    of_moments: Callable[[Moments], Any],
    values: Numbers,
    weights: Numbers,
    owner: Numbers,
    size: int,
) -> tuple[Numbers, Numbers]:
    """Return a sum, mean, variance or deviation for each owner at once."""
    whole = np.bincount(owner, weights, size)
    some = whole > 0
    safe = np.where(some, whole, 1.0)
    total = np.bincount(owner, weights * values, size)
    if of_moments in {sum_of, mean_of}:
        return (total if of_moments is sum_of else total / safe), some
    gaps = values - (total / safe)[owner]
    variance = np.bincount(owner, weights * gaps * gaps, size) / safe
    return (np.sqrt(variance) if of_moments is deviation_of else variance), some
