"""Features: what geometries can, with the properties kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from local_earthengine.algorithms.geometry.measures import near
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.context import Context
from local_earthengine.expression.registry import add, algorithm, invoke
from local_earthengine.geo.geometry import WORLD, Geometry, from_lonlat
from local_earthengine.geo.projection import Projection
from local_earthengine.values.element import Element, Feature
from local_earthengine.values.image import Image


@algorithm("Feature.geometry", "Image.geometry", "Element.geometry")
def geometry(element: Element, margin: float | None, proj: Any, geodesics: Any) -> Geometry | None:
    """Return a feature's geometry, an image's footprint; the whole Earth for an unbounded image."""
    del margin, proj, geodesics
    if element.geometry is None and isinstance(element, Image):
        return from_lonlat(WORLD)
    return element.geometry


@algorithm("Feature.setGeometry")
def set_geometry(element: Element, shape: Geometry | None) -> Feature:
    """Return the same properties at another place."""
    return Feature(element.properties, shape)


_ALONE: Final = (
    "area", "perimeter", "length", "bounds", "centroid", "convexHull", "dissolve", "simplify",
)  # fmt: skip
_PAIRED: Final = (
    "intersects", "disjoint", "contains", "containedIn", "intersection", "union", "difference",
    "symmetricDifference",
)  # fmt: skip


def _shape(element: Element) -> Geometry:
    if element.geometry is None:
        raise EarthEngineError("The feature has no geometry.")
    return element.geometry


def _result(element: Element, value: Any) -> Any:
    """Put a geometry in the place of the feature's; let any other value stand by itself."""
    return Feature(element.properties, value) if isinstance(value, Geometry) else value


def _called(context: Context, name: str, element: Element, given: dict[str, Any]) -> Any:
    """Call the geometries' algorithm of the same name."""
    return _result(element, invoke(f"Geometry.{name}", given, context))


def _alone(name: str) -> Callable[[Context, Element, Any, Any], Any]:
    def apply(context: Context, element: Element, margin: Any, proj: Any) -> Any:
        """Ask the feature's geometry."""
        given = {"geometry": _shape(element), "maxError": margin, "proj": proj}
        return _called(context, name, element, given)

    return apply


def _paired(name: str) -> Callable[[Context, Element, Element, Any, Any], Any]:
    def apply(context: Context, left: Element, right: Element, margin: Any, proj: Any) -> Any:
        """Ask two features' geometries."""
        given = {"left": _shape(left), "right": _shape(right), "maxError": margin, "proj": proj}
        return _called(context, name, left, given)

    return apply


for _name in _ALONE:
    add(f"Feature.{_name}", _alone(_name))
for _name in _PAIRED:
    add(f"Feature.{_name}", _paired(_name))


@algorithm("Feature.distance")
def distance(  # noqa: PLR0917 - Earth Engine's arguments
    context: Context, left: Element, right: Element, margin: Any, proj: Any, spherical: bool
) -> Any:
    """Return the metres between the nearest points."""
    given = {"left": _shape(left), "right": _shape(right), "maxError": margin, "proj": proj}
    return invoke("Geometry.distance", {**given, "spherical": spherical}, context)


@algorithm("Feature.withinDistance")
def feature_near(  # noqa: PLR0917 - Earth Engine's arguments
    context: Context, left: Element, right: Element, metres: float, margin: Any, proj: Any
) -> bool:
    """Tell whether the nearest points are no further apart than so many metres."""
    return near(context, _shape(left), _shape(right), metres, margin, proj)


@algorithm("Feature.buffer")
def buffer(context: Context, element: Element, metres: float, margin: Any, proj: Any) -> Any:
    """Widen by metres; a negative number shrinks."""
    given = {"geometry": _shape(element), "distance": metres, "maxError": margin, "proj": proj}
    return _called(context, "buffer", element, given)


@algorithm("Feature.transform")
def transform(
    context: Context, element: Element, proj: Projection, margin: Any, geodesic: Any
) -> Any:
    """Return the same place in other coordinates."""
    given = {"geometry": _shape(element), "proj": proj, "maxError": margin}
    return _called(context, "transform", element, {**given, "geodesic": geodesic})
