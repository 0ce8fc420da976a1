"""Projections: made, scaled, asked."""

from __future__ import annotations

import json
from typing import Any

from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.projection import Projection, coordinate_system, projection


@algorithm("Projection", "Proj")
def make(crs: Any, transform: list[Any] | None, wkt: str | None) -> Projection:
    """Return that of a coordinate system's identifier or WKT and six numbers."""
    del wkt
    if isinstance(crs, Projection):
        return crs if transform is None else projection(crs.crs, transform)
    return projection(str(crs), transform)


@algorithm("Projection.atScale")
def at_scale(target: Projection, metres: float) -> Projection:
    """Return the same with pixels of so many metres."""
    return target.at_scale(metres)


@algorithm("Projection.crs")
def crs_of(target: Projection) -> str:
    """Return the identifier of the coordinate system."""
    return target.crs


@algorithm("Projection.nominalScale")
def nominal_scale(target: Projection) -> float:
    """Return the side of a pixel in metres."""
    return target.nominal_scale


@algorithm("Projection.scale")
def scale(target: Projection, x: float, y: float) -> Projection:
    """Return one with pixels x and y times as large."""
    a, b, c, d, e, f = target.transform
    return Projection(target.crs, (a * x, b * y, c, d * x, e * y, f))


@algorithm("Projection.translate")
def translate(target: Projection, x: float, y: float) -> Projection:
    """Move the origin by so many pixels."""
    a, b, c, d, e, f = target.transform
    return Projection(target.crs, (a, b, c + a * x + b * y, d, e, f + d * x + e * y))


@algorithm("Projection.transform")
def transform_of(target: Projection) -> str:
    """Return the transform as WKT of its parameters."""
    names = ("elt_0_0", "elt_0_1", "elt_0_2", "elt_1_0", "elt_1_1", "elt_1_2")
    parts = [
        f"PARAMETER[{json.dumps(name)}, {value!r}]"
        for name, value in zip(names, target.transform, strict=True)
    ]
    return (
        f'PARAM_MT["Affine", PARAMETER["num_row", 3], PARAMETER["num_col", 3], {", ".join(parts)}]'
    )


@algorithm("Projection.wkt")
def wkt(target: Projection) -> str:
    """Return the coordinate system as WKT."""
    return str(coordinate_system(target.crs).to_wkt("WKT1_GDAL", pretty=True))
