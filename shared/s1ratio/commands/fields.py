"""The parts of a command: ids, times, and what each kind of command may be aimed at."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import (
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    model_validator,
)

from s1ratio.request.fields import Part
from s1ratio.request.kinds import RequestId
from s1ratio.request.moments import instant_of, message_text_of, read_moment


def _instant(value: Any) -> datetime:
    return instant_of(read_moment(value))


CommandId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
TaskId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
# As the models of regions, feeds, rules and incidents have them, which are not imported here:
# who only sends commands needs none of their packages.
RegionId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,15}$")]
DefinitionName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,30}$")]
IncidentId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Priority = Annotated[int, Field(ge=0, le=9999)]
By = Annotated[str, Field(max_length=100)]
Reason = Annotated[str, Field(max_length=500)]
Instant = Annotated[
    datetime,
    PlainValidator(_instant),
    PlainSerializer(message_text_of, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class _Names(Part):
    """A target of several names, of which what is given is no null."""

    @model_validator(mode="after")
    def _without_null(self) -> Self:
        for name in self.model_fields_set:
            if getattr(self, name) is None:
                raise ValueError(f"leave `{name}` out rather than null")
        return self


def _without_null(schema: dict[str, Any]) -> None:
    """Write a target's schema as it is: a name may be left out, and is no null."""
    for name, each in schema["properties"].items():
        [kind] = (one for one in each.pop("anyOf") if one != {"type": "null"})
        del each["default"]
        schema["properties"][name] = {**kind, **each}
    schema["minProperties"] = 1


def _one_without_null(schema: dict[str, Any]) -> None:
    _without_null(schema)
    schema["maxProperties"] = 1


class RequestTarget(Part):
    """A request, with all its tasks."""

    request: RequestId


class RegionTarget(Part):
    """A standing region."""

    region: RegionId


class WorkTarget(_Names):
    """A request, with all its tasks, or one task; of one that was split, its parts."""

    model_config = ConfigDict(json_schema_extra=_one_without_null)

    request: RequestId | None = None
    task: TaskId | None = None

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("name a `request` or a `task`, one of the two")
        return self


class MaskTarget(_Names):
    """What a silence covers: incidents that all that is given fits. `area` is GeoJSON."""

    model_config = ConfigDict(json_schema_extra=_without_null)

    incident: IncidentId | None = None
    hazard: DefinitionName | None = None
    rule: DefinitionName | None = None
    feed: DefinitionName | None = None
    owner: Annotated[str, Field(min_length=1, max_length=63)] | None = None
    area: dict[str, JsonValue] | None = None

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("it would cover everything: name an incident, hazard, rule, feed, …")
        return self
