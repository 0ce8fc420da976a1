"""Rules: which feeds' alerts become incidents, and how, as data that anybody can write.

What a rule leaves out it has of its hazard (`hazards`). An alert is taken by the first rule, in
the order of names, that names its feed and lets it pass.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from s1ratio.alerts.feed import Expression, Many, Name, Strict
from s1ratio.alerts.hazards import defaults_of
from s1ratio.errors import InvalidRequest
from s1ratio.request.words import faults_of

_NESTED = ("buffers", "windows", "grouping")
_Days = Annotated[float, Field(ge=0, le=3_660)]
_Km = Annotated[float, Field(gt=0, le=2_000)]
_Metres = Annotated[float, Field(ge=0, le=500_000)]
_Pair = Annotated[tuple[float, float], Many]


class RuleFeed(Strict):
    """One feed whose alerts a rule takes: which of them, and from which severity on.

    The filter sees the item as its feed sent it. `severity` is the rule's where it says nothing.
    """

    feed: Name
    filter: Expression | None = None
    severity: Annotated[int, Field(ge=0, le=4)] | None = None


class Buffers(Strict):
    """What is added around places, metres: points, areas such as CAP's, mapped footprints.

    From `many` alerts on points get `many_point_m`. Of alerts with a magnitude a point gets the
    radius (km) of the highest step in `magnitudes` that it reaches, `cap_km` at most.
    """

    point_m: _Metres
    area_m: _Metres = 0
    footprint_m: _Metres = 0
    many: Annotated[int, Field(ge=2)] | None = None
    many_point_m: _Metres | None = None
    magnitudes: Annotated[tuple[_Pair, ...], Many] = ()
    cap_km: _Km = 250

    def radius_km(self, magnitude: float | None) -> float | None:
        """Return the radius of a magnitude, None of none, or of one below the first step."""
        reached = [
            km for step, km in self.magnitudes if magnitude is not None and magnitude >= step
        ]
        return min(max(reached), self.cap_km) if reached else None


class Windows(Strict):
    """Days before the first alert's time for the baseline, and after it for what came of it."""

    before: _Pair
    after: _Pair

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if not (self.before[0] > self.before[1] >= 0 and 0 <= self.after[0] < self.after[1]):
            raise ValueError("`before` goes down to 0 or more ([36, 1]), `after` up ([0, 14])")
        return self


class Grouping(Strict):
    """What belongs together: within `distance_km` and `days` of a member, the box under `cap_km`.

    Without a distance only aliases join, and aftershocks: within the radius of a member's
    magnitude and `days` after it. What waits is placed `wait_min` after the first of it came. An
    incident's area is looked at anew at most every `interval_h`; it is quiet `quiet_days` and
    closes `close_days` after its last member.
    """

    distance_km: _Km | None
    days: _Days
    cap_km: _Km | None
    wait_min: Annotated[float, Field(ge=0, le=14_400)]
    interval_h: Annotated[float, Field(ge=0, le=720)] = 6
    quiet_days: _Days
    close_days: _Days
    alias_km: _Km = 500


class Rule(Strict):
    """What is made of alerts; see the module. `request` holds fields of the requests to come.

    `open_at_once` incidents of it are followed at once, `owner_open_at_once` of all rules of its
    `owner`, if it names one.
    """

    name: Name
    note: str = ""
    hazard: Name
    owner: Annotated[str, Field(max_length=100)] = ""
    feeds: Annotated[tuple[RuleFeed, ...], Many, Field(min_length=1, max_length=20)]
    severity: Annotated[int, Field(ge=0, le=4)]
    members: Annotated[int, Field(ge=1, le=1_000)]
    max_age_days: _Days = 30
    max_area_km2: Annotated[float, Field(gt=0)] = 100_000
    buffers: Buffers
    windows: Windows
    grouping: Grouping
    growth: Annotated[float, Field(ge=0, le=10)] = 0.2
    priority: Annotated[int, Field(ge=0, le=9_999)] = 100
    follow: Literal["first", "all"] | Annotated[int, Field(ge=1, le=100)] = "first"
    open_at_once: Annotated[int, Field(ge=1, le=10_000)] = 100
    owner_open_at_once: Annotated[int, Field(ge=1, le=10_000)] = 200
    request: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _of_its_hazard(cls, value: Any) -> Any:
        hazard = value.get("hazard") if isinstance(value, Mapping) else None
        if not isinstance(hazard, str):
            return value
        filled = {**defaults_of(hazard), **value}
        for name in _NESTED:
            given, usual = value.get(name, {}), defaults_of(hazard)[name]
            if isinstance(given, Mapping):
                filled[name] = {**usual, **given}
        return filled

    @property
    def platforms(self) -> tuple[str, ...]:
        """The satellites whose scenes its requests take, none if they take all."""
        return tuple(self.request.get("platforms") or ())

    def of_feed(self, feed: str) -> RuleFeed | None:
        """Return what the rule says of a feed, None if nothing."""
        return next((one for one in self.feeds if one.feed == feed), None)

    def gate(self, feed: str) -> int:
        """Return from which severity on alerts of a feed pass."""
        named = self.of_feed(feed)
        return self.severity if named is None or named.severity is None else named.severity


def read_rule(document: Any) -> Rule:
    """Return the rule of a JSON document; raise InvalidRequest with every fault."""
    try:
        return Rule.model_validate(document)
    except ValidationError as error:
        raise InvalidRequest(faults_of(error, "s1ratio rules schema")) from None
