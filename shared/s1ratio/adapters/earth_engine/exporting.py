"""The POST of an export, by the client's own call for it, which is made once and kept.

Each `ee.data.exportImage` would make the API's resources anew, their methods and documentation.
"""

from typing import Any

import ee.data


class _Body(dict[str, Any]):
    """A body that says little of itself: the API's client writes each argument as text, in vain."""

    def __str__(self) -> str:
        return "a body"


_MADE: list[tuple[Any, Any]] = []  # what the client is initialised with, and its call


def post_export(request_id: str, body: dict[str, Any]) -> Any:
    """Start an export; return the operation as it is told."""
    export = _export_of(ee.data._get_state().cloud_api_resource)
    return ee.data._prepare_and_run_export(request_id, _Body(body), export)


def _export_of(resource: Any) -> Any:
    known = _MADE[-1] if _MADE else None
    if known is None or known[0] is not resource:
        known = resource, ee.data._get_cloud_projects().image().export
        _MADE[:] = [known]
    return known[1]
