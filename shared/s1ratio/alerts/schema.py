"""The JSON Schemas of feeds, rules and silences, for who writes them and their editors."""

from typing import Any

from s1ratio.alerts.feed import Feed
from s1ratio.alerts.records import Kind
from s1ratio.alerts.rule import Rule
from s1ratio.alerts.silences import Silence

_MODELS: dict[Kind, type[Feed | Rule | Silence]] = {
    Kind.FEED: Feed,
    Kind.RULE: Rule,
    Kind.SILENCE: Silence,
}
# What a rule has of its hazard where it does not say so.
_OF_THE_HAZARD = {"severity", "members", "buffers", "windows", "grouping"}


def definition_schema(kind: Kind) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a feed, a rule or a silence."""
    schema = _MODELS[kind].model_json_schema()
    if kind is Kind.RULE:
        schema["required"] = [one for one in schema["required"] if one not in _OF_THE_HAZARD]
        for name in ("Buffers", "Windows", "Grouping"):
            schema["$defs"][name].pop("required", None)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
