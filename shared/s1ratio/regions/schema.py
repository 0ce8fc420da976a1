"""The JSON Schema of a file of regions, for editors and pipelines."""

from typing import Any

from s1ratio.regions.model import REQUEST_FIELDS, Region
from s1ratio.regions.reader import MAX_REGIONS
from s1ratio.request.schema import message_schema


def regions_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a file of regions."""
    region = Region.model_json_schema()
    message = message_schema()
    definitions = {**message.pop("$defs"), **region.pop("$defs")}
    fields = {name: message["properties"][name] for name in REQUEST_FIELDS}
    region["properties"]["request"] = {
        "type": "object",
        "properties": fields,
        "additionalProperties": False,
        "description": "Fields of the message that the region does not say itself.",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Regions",
        "type": "object",
        "additionalProperties": False,
        "required": ["regions"],
        "properties": {
            "version": {"const": 1, "default": 1},
            "regions": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_REGIONS,
                "items": {"$ref": "#/$defs/Region"},
            },
        },
        "$defs": {**definitions, "Region": region},
    }
