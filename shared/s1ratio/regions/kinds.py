"""Parts of a region: its schedule, its period, its budget, and the words that choose among them."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema, field_validator

from s1ratio.regions.schedule import check_cron, zone_of
from s1ratio.request.fields import Part


class Trigger(StrEnum):
    """What makes a region due: its schedule, a pass that is new, or either."""

    CRON = "cron"
    NEW_SCENES = "new_scenes"
    BOTH = "both"


class Overlap(StrEnum):
    """What becomes of a firing while an earlier request of the region has not ended."""

    BUFFER_ONE = "buffer_one"  # the newest waits for the end; calendar periods all do
    SKIP = "skip"
    ALLOW = "allow"


def _read_day(value: object) -> date:
    if type(value) is date:
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value} is no day: {error}") from None
    raise ValueError("must be a day as YYYY-MM-DD (UTC)")


_DAY_SCHEMA: dict[str, Any] = {"type": "string", "format": "date"}
Day = Annotated[
    date,
    PlainValidator(_read_day),
    PlainSerializer(date.isoformat, return_type=str, when_used="json"),
    WithJsonSchema(_DAY_SCHEMA),
]


class Schedule(Part):
    """Five-field cron in a zone of the IANA list; minutes and hours are fixed, 24 a day at most."""

    cron: str = Field(max_length=200)
    zone: str = Field(default="UTC", max_length=60)

    @field_validator("cron")
    @classmethod
    def _fires(cls, cron: str) -> str:
        check_cron(cron)
        return cron

    @field_validator("zone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        zone_of(zone)
        return zone


class LastDays(Part):
    """The last `n` days before the day of the firing."""

    kind: Literal["last_days"]
    n: int = Field(ge=1, le=3660)


class LastMonths(Part):
    """The last `n` months before the day of the firing."""

    kind: Literal["last_months"]
    n: int = Field(ge=1, le=120)


class CalendarUnit(StrEnum):
    """A stretch of the calendar."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Calendar(Part):
    """The last whole month, quarter or year that is over; of a new pass the one it lies in."""

    kind: Literal["calendar"]
    unit: Annotated[CalendarUnit, Field(strict=False)]


class SinceLast(Part):
    """From the end of the last period on; `first` (else the day of its first use) begins it."""

    kind: Literal["since_last"]
    first: Day | None = None


class FromDay(Part):
    """From a fixed day on."""

    kind: Literal["from_day"]
    day: Day


Period = Annotated[
    LastDays | LastMonths | Calendar | SinceLast | FromDay, Field(discriminator="kind")
]


class Budget(Part):
    """What a region may spend in a calendar month (UTC), counted by when requests were made."""

    eecu_seconds: float | None = Field(default=None, gt=0)
    requests: int | None = Field(default=None, ge=1)
