"""Kinds of values among a request's fields: what each reads, and how it says what is wrong."""

from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from s1ratio import aoi as areas
from s1ratio.aoi import Aoi
from s1ratio.faults import Fault
from s1ratio.request.aoi_schema import AOI_SCHEMA
from s1ratio.request.moments import Moment, message_text_of, read_moment

_BOUND_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]
}
T = TypeVar("T")


def checked(value: T, faults: list[Fault]) -> T:
    """Return the value, or raise what pydantic collects: its faults, paths below the field."""
    if faults:
        raise PydanticCustomError("faults", "this is not allowed", {"faults": faults})
    return value


def _area(value: Any) -> Aoi:
    if isinstance(value, Aoi):
        return value
    area, faults = areas.read(value, "")
    return checked(cast(Aoi, area), faults)


def _one(value: Any) -> Any:
    if type(value) is not int:  # True == 1 == 1.0
        raise ValueError("must be the number 1")
    return value


def _unique(values: tuple[T, ...]) -> tuple[T, ...]:
    if len(set(values)) < len(values):
        raise ValueError("must not name anything twice")
    return values


Version = Annotated[Literal[1], BeforeValidator(_one)]
RequestId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Area = Annotated[Aoi, PlainValidator(_area), WithJsonSchema(AOI_SCHEMA)]
Bound = Annotated[
    Moment,
    PlainValidator(read_moment),
    PlainSerializer(message_text_of, return_type=str, when_used="json"),
    WithJsonSchema(_BOUND_SCHEMA),
]
Preset = Literal["default", "notebook"]
Several = Annotated[tuple[T, ...], Field(min_length=1), AfterValidator(_unique)]
RelativeOrbit = Annotated[int, Field(ge=1, le=175)]
LabelName = Annotated[str, Field(min_length=1, max_length=63)]
Label = Annotated[str, Field(max_length=63)]
