"""The JSON Schema of a command, for publishers and their editors."""

from typing import Any

from s1ratio.commands.model import ADAPTER

_WORDS = "One command: cancel, retry, raise, pause, resume, run or silence."


def command_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the message of a command."""
    schema = ADAPTER.json_schema()
    for each in schema["$defs"].values():
        if "command" in each.get("properties", {}):  # what tells them apart has a default in Python
            each["required"] = ["command", *each["required"]]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Command"}
    return {**head, "description": _WORDS, **schema}
