"""`Region`: a standing area, what is asked of it, and when; one entry of a file of regions."""

import json
from typing import Annotated, Any, Self

import shapely
from pydantic import Field, JsonValue, field_validator, model_validator
from shapely.geometry import mapping

from s1ratio.aoi import Aoi
from s1ratio.labels import OWNER_LABEL, REGION_LABEL
from s1ratio.regions.kinds import Budget, Day, Overlap, Period, Schedule, Trigger
from s1ratio.request.checks import area_faults
from s1ratio.request.fields import Part
from s1ratio.request.kinds import Area, Label, LabelName, checked
from s1ratio.request.model import CompositeRequest, _limits

# What the region itself says of each request.
OWN_FIELDS = frozenset({"version", "request_id", "aoi", "start", "end", "priority", "labels"})
REQUEST_FIELDS = tuple(name for name in CompositeRequest.model_fields if name not in OWN_FIELDS)

RegionId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,15}$")]
Text = Annotated[str, Field(max_length=1_000)]


class Region(Part):
    """One standing region: an area, fields of its requests, and when they are made.

    A `Limits` as the context of validation is held to, as a message is.
    """

    id: RegionId
    aoi: Area
    request: dict[str, JsonValue] = Field(
        default_factory=dict,
        description="Fields of the message, but for " + ", ".join(sorted(OWN_FIELDS)) + ".",
    )
    trigger: Annotated[Trigger, Field(strict=False)] = Trigger.CRON
    schedule: Schedule | None = None
    period: Period
    overlap: Annotated[Overlap, Field(strict=False)] = Overlap.BUFFER_ONE
    end: Day | None = Field(default=None, description="The first day on which nothing is made.")
    priority: int = Field(default=50, ge=0, le=9999)
    budget: Budget = Budget()
    owner: Annotated[str, Field(max_length=63)] = ""
    labels: dict[LabelName, Label] = Field(default_factory=dict, max_length=30)
    note: Text = ""

    @field_validator("aoi")
    @classmethod
    def _allowed_area(cls, aoi: Aoi, info: Any) -> Aoi:
        return checked(aoi, area_faults(aoi, _limits(info)))

    @field_validator("labels")
    @classmethod
    def _not_ours(cls, labels: dict[str, str]) -> dict[str, str]:
        for name in (REGION_LABEL, OWNER_LABEL):
            if name in labels:
                raise ValueError(f"{name!r} is set by the region itself: leave it out")
        return labels

    @model_validator(mode="after")
    def _has_a_schedule(self) -> Self:
        if self.schedule is None and self.trigger is not Trigger.NEW_SCENES:
            raise ValueError(f"`trigger: {self.trigger}` needs a `schedule`")
        return self

    @property
    def text(self) -> str:
        """The region as JSON, its keys sorted: what is stored, and compared."""
        return json.dumps(self._fields(), sort_keys=True)

    def _fields(self) -> dict[str, Any]:
        return {**self.model_dump(mode="json", exclude={"aoi"}), "aoi": self.area}

    @property
    def area(self) -> dict[str, Any]:
        """The area as GeoJSON, in one form: read again it is the same, vertex by vertex."""
        sides = [polygon for side in self.aoi.sides for polygon in shapely.get_parts(side)]
        merged = shapely.normalize(shapely.MultiPolygon(sides))
        return dict(mapping(shapely.orient_polygons(merged)))

    @property
    def pixel_fields(self) -> dict[str, Any]:
        """What decides on the pixels of its requests, beside their periods."""
        return {"aoi": self.area, **self.request}

    @property
    def fired(self) -> dict[str, Any]:
        """What decides on what is made, and when: a change of it is one that fires no past."""
        every = self._fields()
        return {name: value for name, value in every.items() if name not in _WORDS_AND_BOUNDS}


_WORDS_AND_BOUNDS = frozenset({"note", "owner", "budget", "end", "overlap"})
