"""Earth Engine's methods that are not here, by their names and paths: they are refused as such.

A 404 would tell the client that there is no such asset.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.rest.discovery import discovery_document

# Of today's API, not in the document of 2020 that the client's wheel carries.
_LATER: Final = (
    ("GET", "v1/projects/{projectsId}/config", "projects.getConfig"),
    ("PATCH", "v1/projects/{projectsId}/config", "projects.updateConfig"),
    ("POST", "v1/projects/{projectsId}/assets/{assetsId}:link", "projects.assets.link"),
    ("POST", "v1/projects/{projectsId}/classifier:export", "projects.classifier.export"),
    ("POST", "v1/projects/{projectsId}/image:importExternal", "projects.image.importExternal"),
    ("POST", "v1/projects/{projectsId}/tables", "projects.tables.create"),
    ("GET", "v1/projects/{projectsId}/tables/{tablesId}:getFeatures",
     "projects.tables.getFeatures"),
    ("POST", "v1/projects/{projectsId}/featureView", "projects.featureView.create"),
    ("GET", "v1/projects/{projectsId}/featureView/{featureViewId}/tiles/{zoom}/{x}/{y}",
     "projects.featureView.tiles.get"),
)  # fmt: skip
# What lies below a project; what isn't known there by its name is told by its path.
_PROJECT: Final = re.compile(r"/v1/projects/[^/]+(?:[/:].*)?")
# An asset's name has slashes; no other part of a path has.
_DEEP: Final = "assetsId"


def refusal(method: str, path: str) -> EarthEngineError:
    """Return what a request is answered with that no method here serves: 501, or 404.

    `path` is not percent-encoded. 404 is for what is no path of Earth Engine's projects.
    """
    if not _PROJECT.fullmatch(path):
        return EarthEngineError(f"Not found: {method} {path}", 404)
    known = (name for verb, form, name in _methods() if verb == method and form.fullmatch(path))
    name = next(known, None)
    what = f"Method 'earthengine.{name}'" if name else f"{method} {path}"
    return EarthEngineError(f"{what} is not supported by this local server.", 501)


@cache
def _methods() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Return (HTTP method, form of the path, name) of every method of the API."""
    document = json.loads(discovery_document(""))
    shipped = _within(document.get("resources", {}))
    return tuple((verb, _form(path), name) for verb, path, name in (*shipped, *_LATER))


def _within(resources: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for resource in resources.values():
        for method in resource.get("methods", {}).values():
            name = method["id"].removeprefix("earthengine.")
            yield method["httpMethod"], method["flatPath"], name
        yield from _within(resource.get("resources", {}))


def _form(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    forms = (
        re.escape(part) if place % 2 == 0 else "[^:]+" if part == _DEEP else "[^/:]+"
        for place, part in enumerate(parts)
    )
    return re.compile("/" + "".join(forms))
