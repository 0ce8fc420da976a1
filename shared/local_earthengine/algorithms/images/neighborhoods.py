"""Neighbourhoods: focal filters, reductions under a kernel, convolution, neighbours as bands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from local_earthengine.algorithms.images.arithmetic import each_band
from local_earthengine.algorithms.kernels import named_shape
from local_earthengine.algorithms.reducers.statistics import OUTPUTS
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import add, algorithm
from local_earthengine.geo.lattice import Lattice
from local_earthengine.pixels.kernel import Kernel
from local_earthengine.pixels.neighborhood import Neighbor, Neighborhood, Statistic
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.numerics import windows
from local_earthengine.values.image import Image
from local_earthengine.values.reducer import Output, Reducer

_FOCAL: Final = ("min", "max", "median", "mode", "mean")
_MAX_ITERATIONS: Final = 100


def _focal(  # noqa: PLR0917 - Earth Engine's arguments
    output: Output,
    image: Image,
    radius: float,
    kind: str,
    units: str,
    iterations: int,
    kernel: Kernel | None,
) -> Image:
    """Compute each pixel from its valid neighbours; a masked pixel is filled from them."""
    if not 1 <= iterations <= _MAX_ITERATIONS:
        raise EarthEngineError(f"'iterations' must lie between 1 and {_MAX_ITERATIONS}.")
    shape = kernel or named_shape(kind, radius, units)
    for _ in range(iterations):
        image = each_band(image, partial(_under, shape, output, skip_masked=False))
    return image


def _under(kernel: Kernel, output: Output, node: Node, skip_masked: bool) -> Node:
    kind = output.kind(node.kind)
    return Neighborhood(node, kernel, output.of_window, kind, skip_masked, output.of_nothing)


def _focal_of(name: str) -> Callable[..., Image]:
    def focal(  # noqa: PLR0917 - Earth Engine's arguments
        image: Image,
        radius: float,
        kind: str,
        units: str,
        iterations: int,
        kernel: Kernel | None,
    ) -> Image:
        """Return each pixel's statistic of its valid neighbours."""
        return _focal(OUTPUTS[name], image, radius, kind, units, iterations, kernel)

    return focal


for _name in _FOCAL:
    add(f"Image.focal_{_name}", _focal_of(_name))
    add(f"Image.focal{_name.title()}", _focal_of(_name))
    add(f"Window.{_name}", _focal_of(_name))


@algorithm("Image.reduceNeighborhood")
def reduce_neighborhood(  # noqa: PLR0917 - Earth Engine's arguments
    image: Image,
    reducer: Reducer,
    kernel: Kernel,
    weight: str,
    skip_masked: bool,
    optimization: str | None,
) -> Image:
    """Return bands `NAME_output`.

    They are weighted by the kernel, or, with "mask", by no more than the mask.
    """
    del optimization
    if weight not in {"kernel", "mask", "min"}:
        raise EarthEngineError(f"'inputWeight' must be 'kernel', 'mask' or 'min', not '{weight}'.")
    shape = kernel if weight == "kernel" else _flat(kernel)
    bands = [
        replace(
            band,
            name=f"{band.name}_{output.name}",
            node=_under(shape, output, band.node, skip_masked),
        )
        for band in image.bands
        for output in reducer.outputs
    ]
    return image.with_bands(bands)


def _flat(kernel: Kernel) -> Kernel:
    """Return the same neighbours, each with a weight of 1."""

    def place(side: float) -> Any:
        """Return the weights for a pixel's side, all of them 1."""
        placed = kernel.place(side)
        return replace(placed, weights=(placed.weights > 0).astype(np.float64))

    return Kernel(place, kernel.unit)


@algorithm("Image.convolve")
def convolve(image: Image, kernel: Kernel) -> Image:
    """Return the weighted sum under the kernel, turned by half a turn.

    It is masked where the pixel is.
    """

    def turned(side: float) -> Any:
        """Return the weights for a pixel's side, turned by half a turn."""
        placed = kernel.place(side)
        right, down = placed.margins[2:]
        return replace(placed, weights=placed.weights[::-1, ::-1], col=right, row=down)

    node = partial(_convolved, Kernel(turned, kernel.unit))
    return each_band(image, node)


def _convolved(kernel: Kernel, node: Node) -> Node:
    statistic: Statistic = _weighted
    return Neighborhood(node, kernel, statistic, node.kind.floating, skip_masked=True)


def _weighted(
    values: NDArray[Any], valid: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    sums = windows.weighted_sum(np.where(valid, values, 0), weights)
    return sums, np.ones(sums.shape, np.bool_)


@algorithm("Image.neighborhoodToBands")
def neighborhood_to_bands(image: Image, kernel: Kernel) -> Image:
    """Return a band `NAME_dx_dy` for each neighbour of weight other than 0, by rows from the north.

    The kernel must be in pixels: how many bands there are can't depend on the output's grid.
    """
    if kernel.unit != "pixels":
        raise EarthEngineError("The kernel must be in pixels.")
    placed = kernel.on(Lattice("EPSG:4326", (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)))
    offsets = [(int(c) - placed.col, int(r) - placed.row) for r, c in np.argwhere(placed.weights)]
    bands = [
        replace(band, name=f"{band.name}_{dx}_{dy}", node=Neighbor(band.node, dx, dy), grid=None)
        for band in image.bands
        for dx, dy in offsets
    ]
    return image.with_bands(bands)
