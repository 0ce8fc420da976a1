"""Where collections lie: their geometries as one."""

from __future__ import annotations

from typing import Any

from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.geojson import gathered
from local_earthengine.geo.geometry import Geometry, rectangle
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import INDEX, Feature


@algorithm("Collection.geometry")
def geometry(collection: Collection, margin: float) -> Geometry:
    """Return the union of all geometries."""
    del margin
    return gathered([e.geometry for e in collection if e.geometry is not None])


@algorithm("Collection.bounds")
def bounds(collection: Collection, margin: float, proj: Any) -> Geometry:
    """Return the box around all geometries, in degrees."""
    del proj
    return rectangle(geometry(collection, margin).bounds_in("EPSG:4326"))


@algorithm("Collection.union")
def union(collection: Collection, margin: float | None) -> Collection:
    """Return a single feature, `union_result`, of all geometries united."""
    del margin
    shapes = [e.geometry for e in collection if e.geometry is not None]
    return Collection(elements=[Feature({INDEX: "union_result"}, gathered(shapes))])
