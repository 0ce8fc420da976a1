"""Silences: incidents that nothing is requested for until a time, for a reason somebody gave."""

from datetime import datetime
from typing import Annotated, Any, Self

import shapely
from pydantic import AfterValidator, Field, ValidationError, model_validator

from s1ratio.alerts.feed import Name, Strict
from s1ratio.alerts.incident import Incident
from s1ratio.alerts.places import place_of, read_place, text_of, united_place
from s1ratio.errors import InvalidRequest
from s1ratio.request.words import faults_of


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("needs an offset: write Z if it is UTC")
    return value


_Time = Annotated[datetime, Field(strict=False), AfterValidator(_aware)]


class Silence(Strict):
    """What it covers (all that is given must fit), until when, and why.

    `area` is GeoJSON: incidents that have any member's place in it are covered.
    """

    name: Name
    ends_at: _Time
    reason: Annotated[str, Field(min_length=3, max_length=500)]
    by: Annotated[str, Field(max_length=100)] = ""
    hazard: Name | None = None
    rule: Name | None = None
    feed: Name | None = None
    owner: str | None = None
    incident: str | None = None
    area: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _covers_something(self) -> Self:
        matchers = (self.hazard, self.rule, self.feed, self.owner, self.incident, self.area)
        if all(one is None for one in matchers):
            raise ValueError("it would cover everything: name a hazard, rule, feed, area, …")
        if self.area is not None:
            self.place()
        return self

    def place(self) -> shapely.Geometry:
        """Return its area; raise ValueError without one."""
        place = united_place(read_place("geojson", self.area))
        if place is None:
            raise ValueError("its `area` is empty")
        return place_of(text_of(place))


def read_silence(document: Any) -> Silence:
    """Return the silence of a JSON document; raise InvalidRequest with every fault."""
    try:
        return Silence.model_validate(document)
    except ValidationError as error:
        raise InvalidRequest(faults_of(error, "s1ratio silences schema")) from None


def covers(silence: Silence, incident: Incident, now: datetime) -> bool:
    """Tell whether a silence covers an incident now."""
    if now >= silence.ends_at:
        return False
    wanted = (
        (silence.hazard, {incident.hazard}),
        (silence.rule, {incident.rule}),
        (silence.owner, {incident.owner}),
        (silence.incident, {incident.id}),
        (silence.feed, {member.feed for member in incident.counted}),
    )
    if any(value is not None and value not in found for value, found in wanted):
        return False
    if silence.area is None:
        return True
    area = silence.place()
    return any(shapely.intersects(area, place_of(member.place)) for member in incident.counted)
