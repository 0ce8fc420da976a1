"""What the `ee` client asks for first: the API's description, and the list of algorithms."""

from __future__ import annotations

import json

from s1ratio.adapters.earth_engine import documents


def discovery_document(url: str) -> bytes:
    """The discovery document (JSON) of version 1 of the API, served at `url`."""
    document = json.loads(required(documents.discovery_document()))
    document["rootUrl"] = document["baseUrl"] = f"{url}/"
    return json.dumps(document, separators=(",", ":")).encode()


def algorithms() -> bytes:
    """The reply of projects.algorithms.list (JSON)."""
    return required(documents.algorithms_document())


def required(document: bytes | None) -> bytes:
    """The document. Raises FileNotFoundError, saying what to install, where there is none."""
    if document is None:
        raise FileNotFoundError(
            "the installed earthengine-api lacks ee/tests/*.json: install 1.7.50 as a wheel"
        )
    return document
