"""The Earth Engine client without a network: it builds expressions, and no request leaves."""

from __future__ import annotations

import importlib.resources
import json
from typing import Any

import ee
import ee.deprecation
import httplib2
from ee import serializer
from google.auth.credentials import AnonymousCredentials


class _Memory(httplib2.Http):  # type: ignore[misc, unused-ignore]
    """Answers what `ee.Initialize` asks from the files of the client's own package."""

    def request(self, uri: str, *_: Any, **__: Any) -> tuple[httplib2.Response, bytes]:
        name = "cloud_api_discovery_document" if "discovery" in uri else "algorithms"
        path = importlib.resources.files("ee") / "tests" / f"{name}.json"
        text = path.read_text(encoding="utf-8").replace("v1alpha", "v1")
        return httplib2.Response({"status": "200", "content-type": "application/json"}), (
            text.encode()
        )


def initialize() -> None:
    """Makes `ee` ready to build expressions; a call that would need a server fails at once."""
    ee.deprecation._FetchDataCatalogStac = dict
    ee.Initialize(
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]
        project="offline",
        url="http://127.0.0.1:9",
        http_transport=_Memory(),
    )


def expression(value: Any) -> dict[str, Any]:
    """What the client would send for an `ee` object, after a round trip through JSON."""
    sent: dict[str, Any] = json.loads(json.dumps(serializer.encode(value, for_cloud_api=True)))
    return sent


def exported(image: Any, **parameters: Any) -> dict[str, Any]:
    """What the client would send for an export with these parameters (region, scale, crs, ...)."""
    prepared, _ = image.prepare_for_export(parameters)
    return expression(prepared)
