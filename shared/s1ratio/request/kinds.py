"""Kinds of values among a request's fields: what each reads, and how it says what is wrong."""

import datetime as dt
import re
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from s1ratio import aoi as areas
from s1ratio.aoi import Aoi
from s1ratio.faults import Fault
from s1ratio.request.aoi_schema import AOI_SCHEMA

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MAX_YEAR = 2100
T = TypeVar("T")


def checked(value: T, faults: list[Fault]) -> T:
    """Return the value, or raise what pydantic collects: its faults, paths below the field."""
    if faults:
        raise PydanticCustomError("faults", "this is not allowed", {"faults": faults})
    return value


def _day(value: Any) -> dt.date:
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a day as YYYY-MM-DD (UTC)")
    try:
        day = dt.date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value} is no day: {error}") from None
    if day.year > _MAX_YEAR:
        raise ValueError(f"{value} is too far in the future")
    return day


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
Day = Annotated[
    dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
Preset = Literal["default", "notebook"]
Several = Annotated[tuple[T, ...], Field(min_length=1), AfterValidator(_unique)]
RelativeOrbit = Annotated[int, Field(ge=1, le=175)]
LabelName = Annotated[str, Field(min_length=1, max_length=63)]
Label = Annotated[str, Field(max_length=63)]
