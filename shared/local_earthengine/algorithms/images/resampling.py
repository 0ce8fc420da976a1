"""How an image is seen on another lattice: interpolated, or many pixels to one."""

from __future__ import annotations

from dataclasses import replace

from local_earthengine.algorithms.reducers.nodes import check_inputs
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.lattice import Lattice
from local_earthengine.geo.projection import WGS84
from local_earthengine.pixels.coarsened import Coarsened
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.resampling import REACH, Interpolated
from local_earthengine.pixels.stack import union_kind
from local_earthengine.values.image import Band, Image
from local_earthengine.values.reducer import Output, Reducer


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
    """Make each pixel of coarser lattices a statistic of the pixels whose centres lie in it.

    With `bestEffort` there is no limit to their number, and no pyramid.

    Unsettled: Earth Engine weighs each pixel by the share of the output pixel that it covers; here
    it counts as a whole.
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
    return Coarsened(statistic, kind, mine, lattice, most, output.of_tuples is not None)
