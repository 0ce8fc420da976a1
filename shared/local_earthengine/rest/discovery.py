"""What the `ee` client asks for first: the API's description, and the list of algorithms.

The client's own wheel carries both. Its discovery document is of an older version of the API; the
calls served here are the same in both.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

from local_earthengine.expression.client_wheel import read_shipped

_VERSION_IN_WHEEL: Final = "v1alpha"
_VERSION: Final = "v1"


def discovery_document(url: str) -> bytes:
    """Return the discovery document (JSON) of version 1 of the API, served at `url`."""
    shipped = read_shipped("cloud_api_discovery_document.json")
    document = json.loads(shipped.replace(_VERSION_IN_WHEEL, _VERSION))
    document["rootUrl"] = document["baseUrl"] = f"{url}/"
    return _compact(document)


@cache
def algorithms() -> bytes:
    """Return the reply of projects.algorithms.list (JSON)."""
    return _compact(json.loads(read_shipped("algorithms.json")))


def _compact(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()
