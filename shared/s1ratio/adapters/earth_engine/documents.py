"""Earth Engine's API description and algorithm list as the client's own wheel ships them.

Answering these from memory makes Initialize cost no request. The discovery document in the
wheel is of an older version of the API; the calls made here are the same in both.
"""

import json
from functools import cache
from importlib.resources import files

_VERSION_IN_WHEEL, _VERSION = "v1alpha", "v1"


@cache
def discovery_document() -> bytes | None:
    """Return the discovery document as JSON, its paths `v1`; None if the wheel lacks it."""
    text = _shipped("cloud_api_discovery_document.json")
    return None if text is None else text.replace(_VERSION_IN_WHEEL, _VERSION).encode()


@cache
def algorithms_document() -> bytes | None:
    """Return the reply to `GET projects/P/algorithms` as JSON; None if the wheel lacks it."""
    text = _shipped("algorithms.json")
    return None if text is None else json.dumps(json.loads(text), separators=(",", ":")).encode()


def _shipped(name: str) -> str | None:
    try:
        return (files("ee") / "tests" / name).read_text(encoding="utf-8")
    except (FileNotFoundError, ModuleNotFoundError):
        return None
