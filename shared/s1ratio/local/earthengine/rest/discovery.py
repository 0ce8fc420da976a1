"""What the `ee` client asks for first: the API's description, and the list of algorithms.

Both lie in the client's own package, for its tests; the description there is of v1alpha.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Final

_DOCUMENT: Final = "cloud_api_discovery_document.json"
_ALGORITHMS: Final = "algorithms.json"


def discovery_document(url: str) -> bytes:
    """The discovery document (JSON) of version 1 of the API, served at `url`."""
    document = json.loads(_packaged(_DOCUMENT).replace(b"v1alpha", b"v1"))
    document["rootUrl"] = document["baseUrl"] = f"{url}/"
    return json.dumps(document, separators=(",", ":")).encode()


def algorithms() -> bytes:
    """The reply of projects.algorithms.list (JSON)."""
    return _packaged(_ALGORITHMS)


@cache
def _packaged(name: str) -> bytes:
    """A file of the client's package. Raises FileNotFoundError saying what to install."""
    source = files("ee") / "tests" / name
    if not source.is_file():
        raise FileNotFoundError(
            f"ee/tests/{name} is not in the installed earthengine-api: install 1.7.50 as a wheel"
        )
    return source.read_bytes()
