"""The catalogue over HTTPS: which object a path is, and a document as it is told there.

Nothing outside of `stac/` is served. So links to it are told as where the bucket itself has it.
"""

import json
import re
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Any, Final

from s1ratio.catalogue.placing import ROOT, ROOT_CATALOGUE

_NAME: Final = re.compile(r"[a-z0-9][A-Za-z0-9_-]*(\.(json|png))?")
_ITEM = "application/geo+json"


@dataclass(frozen=True)
class ServedObject:
    """An object of the bucket that is served, and its media type."""

    name: str
    kind: str


def object_for(path: str) -> ServedObject | None:
    """Return the object of a path below `/stac/`, such as `region-danube/collection.json`.

    None for what is none of the catalogue's. An empty path is the root.
    """
    if path in {"", "/"}:
        return ServedObject(ROOT_CATALOGUE, "application/json")
    parts = path.strip("/").split("/")
    if len(parts) > 3 or not all(_NAME.fullmatch(part) for part in parts):
        return None
    name = f"{ROOT}/{'/'.join(parts)}"
    if name.endswith(".png"):
        return ServedObject(name, "image/png") if len(parts) == 3 else None
    if not name.endswith(".json"):
        return None
    is_item = len(parts) == 3 and parts[-1] != "catalog.json"
    return ServedObject(name, _ITEM if is_item else "application/json")


def served_document(name: str, data: bytes, files_at: str) -> bytes:
    """Return a document's bytes, the links to files outside of `stac/` below `files_at`.

    `files_at` is where the bucket's objects are found, such as `gs://bucket`.
    """
    document: dict[str, Any] = json.loads(data)
    for asset in document.get("assets", {}).values():
        there = normpath(join(dirname(name), asset["href"]))
        if "://" not in asset["href"] and not there.startswith(f"{ROOT}/"):
            asset["href"] = f"{files_at.rstrip('/')}/{there}"
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
