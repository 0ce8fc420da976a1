"""The catalogue's files: what lies below `stac/`, and nothing else.

They are told as they are written, but for an item's links to composites, which lie beside `stac/`:
those say where the bucket is.
"""

import json
import re

from s1ratio.catalogue.serving import served_document
from s1ratio.errors import ObjectMissing
from s1ratio.services.reading.call import JSON, Answer, Call, Problem, not_found
from s1ratio.services.reading.context import ReadingContext

# One part of a path: no dot at its beginning, so that none leads upwards or to what is hidden.
_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
_MAX_PARTS = 8
# Of a file, bytes: they are kept in memory, of as many calls as are answered at once.
MOST_BYTES = 8 * 2**20
_MEDIA = {"json": JSON, "png": "image/png"}
_MINUTE_S = 60
ROOT = "catalog.json"


def show_catalogue(context: ReadingContext, _call: Call) -> Answer | Problem:
    """Return the root of the catalogue."""
    return _read(context, ROOT)


def show_file(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return a file of the catalogue."""
    return _read(context, call.names["path"])


def _read(context: ReadingContext, path: str) -> Answer | Problem:
    media = _MEDIA.get(path.rpartition(".")[2])
    parts = path.split("/")
    allowed = len(parts) <= _MAX_PARTS and all(_PART.fullmatch(part) for part in parts)
    if media is None or not allowed:
        return not_found("file of the catalogue", path)
    try:
        data = context.catalogue.read(f"stac/{path}", MOST_BYTES + 1)
    except ObjectMissing:
        return not_found("file of the catalogue", path)
    if len(data) > MOST_BYTES:
        words = f"{path} has more than {MOST_BYTES} bytes: read it in the bucket"
        return Problem(500, "Too large", words)
    if media == JSON and _is_feature(data):
        media = "application/geo+json"
        data = served_document(f"stac/{path}", data, context.files_url)
    return Answer(data, media=media, max_age_s=_MINUTE_S)


def _is_feature(data: bytes) -> bool:
    """Tell whether a file is an item: GeoJSON, by its type."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("type") == "Feature"
