"""The JSON Schema of an area, which the code that reads one cannot tell by itself."""

from typing import Any

_POSITION = {
    "type": "array",
    "items": {"type": "number"},
    "minItems": 2,
    "maxItems": 3,
    "description": "[longitude, latitude] in degrees",
}
_RING = {"type": "array", "items": _POSITION, "minItems": 4}
_POLYGON = {"type": "array", "items": _RING, "minItems": 1}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


_GEOMETRY: dict[str, Any] = {
    "oneOf": [
        _object(["type", "coordinates"], type={"const": "Polygon"}, coordinates=_POLYGON),
        _object(
            ["type", "coordinates"],
            type={"const": "MultiPolygon"},
            coordinates={"type": "array", "items": _POLYGON, "minItems": 1},
        ),
        _object(
            ["type", "coordinates", "buffer_m"],
            type={"const": "Point"},
            coordinates=_POSITION,
            buffer_m={"type": "number", "exclusiveMinimum": 0, "description": "Radius in metres."},
        ),
    ]
}
# Members of a collection without an area are left out: a line, a point, no geometry at all.
_WITHOUT_AREA: dict[str, Any] = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"enum": ["Point", "MultiPoint", "LineString", "MultiLineString"]}},
    "not": {"required": ["buffer_m"]},
}
_NOTHING: dict[str, Any] = {"type": "array", "maxItems": 0}
_EMPTY: dict[str, Any] = {
    "anyOf": [_object(["type", name], **{name: _NOTHING}) for name in ("coordinates", "geometries")]
}
_MEMBER: dict[str, Any] = {"anyOf": [{"type": "null"}, _GEOMETRY, _WITHOUT_AREA, _EMPTY]}
_GEOMETRIES = _object(
    ["type", "geometries"],
    type={"const": "GeometryCollection"},
    geometries={"type": "array", "items": _MEMBER, "minItems": 1},
)
_FEATURE = _object(
    ["type", "geometry"],
    type={"const": "Feature"},
    geometry={"anyOf": [_GEOMETRY, _GEOMETRIES]},
)
_MEMBER_FEATURE = _object(
    ["type", "geometry"],
    type={"const": "Feature"},
    geometry={"anyOf": [*_MEMBER["anyOf"], _GEOMETRIES]},
)

AOI_SCHEMA: dict[str, Any] = {
    "title": "Area of interest",
    "description": "EPSG:4326, planar edges.",
    "oneOf": [
        *_GEOMETRY["oneOf"],
        _FEATURE,
        _object(
            ["type", "features"],
            type={"const": "FeatureCollection"},
            features={"type": "array", "items": _MEMBER_FEATURE, "minItems": 1},
        ),
        _GEOMETRIES,
        {
            **_object(
                ["bbox"],
                bbox={
                    "type": "array",
                    "items": {"type": "number"},
                    "minItems": 4,
                    "maxItems": 4,
                    "description": "[west, south, east, north]; west > east crosses ±180°.",
                },
            ),
            "additionalProperties": False,
        },
    ],
}
