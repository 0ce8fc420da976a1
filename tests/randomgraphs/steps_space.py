"""Steps that look around: kernels, filters, other lattices, clips; and reducers of any kind."""

from __future__ import annotations

from typing import Any, Final

import ee
from hypothesis import strategies as st

from tests.randomgraphs.building import Built, Draw, image, step
from tests.unit.local_earthengine.world import UTM

_REDUCERS: Final = ("count", "sum", "product", "mean", "variance", "stdDev", "min", "max", "median",
                    "mode", "first", "last", "allNonZero", "anyNonZero", "minMax")  # fmt: skip
_OUTPUTS: Final = {"allNonZero": ["all"], "anyNonZero": ["any"], "minMax": ["min", "max"]}
_LATTICES: Final = st.sampled_from(
    [
        (UTM, [10, 0, 500_000, 0, -10, 8_000_000]),
        (UTM, [30, 0, 499_990, 0, -30, 8_000_020]),
        (UTM, [20, 0, 500_005, 0, -20, 8_000_005]),
        (UTM, [7, 0, 500_001, 0, -7, 8_000_002]),
        (UTM, [10, 0, 500_003, 0, 10, 7_999_903]),
        ("EPSG:4326", [1.3e-4, 0, 14.9999, 0, -1.3e-4, 72.0993]),
    ]
)


@step()
def clip(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    west, south = draw(st.sampled_from([(-7.0, -43.0), (13.0, -27.0), (23.0, -53.0)]))
    edges = [500_000 + west, 8_000_000 + south, 500_040 + west, 8_000_030 + south]
    return Built(one.image.clip(ee.Geometry.Rectangle(edges, UTM, False)), one.bands)


def kernel(draw: Draw, weighted: bool) -> Any:
    """A small kernel; with negative weights only if `weighted`."""
    form = draw(st.sampled_from(["shape", "metres", "gaussian", "fixed"]))
    if form == "gaussian":
        return ee.Kernel.gaussian(2, 0.75)
    if form == "fixed":
        rows = [[1, 2, 0], [0, 3, 1]] if not weighted else [[1, -2, 0], [0.5, 3, 1], [0, 0, -1]]
        turned = ee.Kernel.fixed(3, len(rows), rows, 1, 1)
        return turned.rotate(draw(st.integers(-1, 3)))
    shape = getattr(
        ee.Kernel, draw(st.sampled_from(["circle", "square", "diamond", "plus", "cross"]))
    )
    if form == "metres":
        return shape(draw(st.sampled_from([12, 20, 31])), "meters", draw(st.booleans()))
    return shape(draw(st.sampled_from([1, 1.5, 2])), "pixels", draw(st.booleans()))


@step()
def focal(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    name = draw(st.sampled_from(["min", "max", "median", "mode", "mean"]))
    focal = getattr(one.image, f"focal_{name}")
    if draw(st.booleans()):
        return Built(focal(kernel=kernel(draw, weighted=False)), one.bands)
    kind = draw(st.sampled_from(["circle", "square", "plus"]))
    iterations = draw(st.sampled_from([1, 1, 2]))
    return Built(focal(1, kind, "pixels", iterations), one.bands)


def reducer(draw: Draw) -> tuple[Any, list[str]]:
    """A reducer of one input, and the names of its outputs."""
    name = draw(st.sampled_from(_REDUCERS))
    outputs = _OUTPUTS.get(name, [name])
    found = getattr(ee.Reducer, name)()
    if draw(st.integers(0, 3)) == 0 and "median" not in outputs:
        return found.combine(ee.Reducer.median(), "", True), [*outputs, "median"]
    return found, outputs


@step(weight=2)
def neighbors(draw: Draw, depth: int) -> Built:
    one = image(draw, depth).one(draw)
    (name,) = one.bands
    form = draw(st.sampled_from(["reduce", "reduce", "convolve", "convolve", "bands"]))
    if form == "convolve":
        return Built(one.image.convolve(kernel(draw, weighted=True)), one.bands)
    if form == "bands":
        plus = ee.Kernel.fixed(3, 2, [[0, 1, 1], [2, 0, 1]], 1, 0)
        places = [(0, 0), (1, 0), (-1, 1), (1, 1)]
        names = tuple(f"{name}_{dx}_{dy}" for dx, dy in places)
        return Built(one.image.neighborhoodToBands(plus), names)
    found, outputs = reducer(draw)
    weight, skip = draw(st.sampled_from(["kernel", "mask"])), draw(st.booleans())
    reduced = one.image.reduceNeighborhood(found, kernel(draw, weighted=False), weight, skip)
    return Built(reduced, tuple(f"{name}_{output}" for output in outputs))


@step()
def projected(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    crs, transform = draw(_LATTICES)
    name = draw(st.sampled_from(["reproject", "reproject", "setDefaultProjection"]))
    return Built(getattr(one.image, name)(crs, transform), one.bands)


@step()
def over_bands(draw: Draw, depth: int) -> Built:
    one = image(draw, depth)
    found, outputs = reducer(draw)
    return Built(one.image.reduce(found), tuple(outputs))
