"""The JSON Schema of the message, for publishers and their editors."""

from typing import Any

from s1ratio.request.model import CompositeRequest


def message_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a message."""
    schema = CompositeRequest.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
