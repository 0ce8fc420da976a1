"""Geometries painted into images."""

from __future__ import annotations

from typing import Any

from local_earthengine.algorithms.images.arithmetic import each_band
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.painted import Painted, Stroke
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import Element
from local_earthengine.values.image import Image, constant_band


def _setting(element: Element, given: Any, what: str) -> float:
    """Return a number for all features, or a property of each."""
    value = element.get(given) if isinstance(given, str) else given
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise EarthEngineError(f"The {what} must be a number or the name of a numeric property.")
    return float(value)


@algorithm("Image.paint")
def paint(image: Image, features: Collection, colour: Any, width: Any) -> Image:
    """Paint the features' areas, or their outlines, into every band; the last on top."""
    strokes = [
        Stroke(
            feature.geometry,
            _setting(feature, colour, "color"),
            None if width is None else _setting(feature, width, "width"),
        )
        for feature in features
        if feature.geometry is not None
    ]

    def make(node: Node) -> Node:
        """Return the node of a painted band, of a type that holds its colours."""
        kind = node.kind
        for stroke in strokes:
            kind = kind.union(constant_band("", stroke.colour).node.kind)
        return Painted(node, kind, strokes)

    return each_band(image, make)
