"""An item over HTTPS: its links to composites say where the bucket itself has these.

Within the bucket they are relative; but nothing outside of `stac/` is served.
"""

import json
from posixpath import dirname, join, normpath

from s1ratio.catalogue.placing import ROOT


def served_document(name: str, data: bytes, files_at: str) -> bytes:
    """Return the bytes of an object's document, links to files beside `stac/` below `files_at`.

    `files_at` is where the bucket's objects are found, such as `gs://bucket`. What is no item is
    told as it is.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return data
    if not isinstance(document, dict) or not isinstance(document.get("assets"), dict):
        return data
    for asset in document["assets"].values():
        there = normpath(join(dirname(name), asset["href"]))
        if "://" not in asset["href"] and not there.startswith(f"{ROOT}/"):
            asset["href"] = f"{files_at.rstrip('/')}/{there}"
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
