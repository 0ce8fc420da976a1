"""The official schemas of STAC, its extensions and GeoJSON, without a network.

Nothing is passed over: a schema that is wanted and not there is an error.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT7

from tests.conventions.source import ROOT

_KEPT = ROOT / "tests/contract/samples/stac"
_SPEC = "https://schemas.stacspec.org/v1.1.0"
_CORE = {"Feature": "item", "Collection": "collection", "Catalog": "catalog"}
# Of what no item uses: `proj:projjson`.
_UNUSED = {"https://proj.org/schemas/v0.7/projjson.schema.json": False}


def schema_of(extension: str) -> dict[str, Any]:
    """Return the schema of an extension's URI."""
    name, version = extension.split("/")[3:5]
    path = _KEPT / f"{name}-{version}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert found["$id"].removesuffix("#") == extension, f"{path} is another schema"
    return found


def core_faults(document: Mapping[str, Any]) -> list[str]:
    """Return what the schema of STAC 1.1 itself finds wrong with a document."""
    kind = _CORE[document["type"]]
    return _faults(core_schemas()[f"{_SPEC}/{kind}-spec/json-schema/{kind}.json"], document)


def extension_faults(document: Mapping[str, Any], extension: str) -> list[str]:
    """Return what an extension's schema finds wrong with a document."""
    return _faults(schema_of(extension), document)


@cache
def core_schemas() -> dict[str, dict[str, Any]]:
    """Return the schemas of STAC and GeoJSON that pystac carries, by their addresses."""
    folder = files("pystac.validation") / "jsonschemas"
    found = {}
    spec = folder / "stac-spec" / "v1.1.0"
    for entry in spec.iterdir():
        kind = entry.name.removesuffix(".json")
        room = kind if kind in {"catalog", "collection", "item"} else "item"
        found[f"{_SPEC}/{room}-spec/json-schema/{entry.name}"] = json.loads(entry.read_text())
    for entry in (folder / "geojson").iterdir():
        found[f"https://geojson.org/schema/{entry.name}"] = json.loads(entry.read_text())
    return found


@cache
def _registry() -> Registry[Any]:
    schemas: dict[str, Any] = {**core_schemas(), **_UNUSED}
    resources = [(uri, DRAFT7.create_resource(text)) for uri, text in schemas.items()]
    return Registry().with_resources(resources)


def _faults(schema: Mapping[str, Any], document: Mapping[str, Any]) -> list[str]:
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    validator = jsonschema.Draft7Validator(schema, registry=_registry(), format_checker=checker)
    return [
        f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)
    ]
