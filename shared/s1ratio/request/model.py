"""`CompositeRequest`: a valid message, its preset's defaults filled in."""

import datetime as dt
import re
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from s1ratio import aoi as areas
from s1ratio import presets
from s1ratio.aoi import Aoi
from s1ratio.request.fields import (
    ANGLE_RANGES,
    VALID_RANGES,
    Angle,
    AngleRange,
    Collection,
    Destination,
    Direction,
    FocalMedian,
    GcsDestination,
    GridSpec,
    Part,
    Platform,
    Product,
    SpeckleFilter,
    Statistic,
    ValidRange,
)
from s1ratio.request.schema import AOI_SCHEMA

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
T = TypeVar("T")


def _day(value: Any) -> dt.date:
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a day as YYYY-MM-DD (UTC)")
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{value} is no day: {error}") from None


def _area(value: Any) -> Aoi:
    if isinstance(value, Aoi):
        return value
    area, faults = areas.read(value, "")
    if area is None:
        raise PydanticCustomError("faults", "the area is not valid", {"faults": faults})
    return area


def _unique(values: tuple[T, ...]) -> tuple[T, ...]:
    if len(set(values)) < len(values):
        raise ValueError("must not name anything twice")
    return values


Day = Annotated[
    dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})
]
RelativeOrbit = Annotated[int, Field(ge=1, le=175)]
Label = Annotated[str, Field(max_length=63)]


class CompositeRequest(Part):
    """One request for VV/VH composites; version 1 of the message.

    Only `aoi`, `start` and `end` are required. The defaults are those of the `default` preset.
    """

    version: Literal[1] = 1
    request_id: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    aoi: Annotated[Aoi, PlainValidator(_area), WithJsonSchema(AOI_SCHEMA)]
    start: Day
    end: Day = Field(description="Exclusive.")
    preset: Literal["default", "notebook"] = "default"
    collection: Collection = Collection.POWER
    orbits: Annotated[tuple[RelativeOrbit, ...], AfterValidator(_unique)] | None = Field(
        default=None, min_length=1, max_length=175
    )
    direction: Direction = Direction.BOTH
    platforms: Annotated[tuple[Platform, ...], AfterValidator(_unique)] = Field(
        default=("A", "B", "C", "D"), min_length=1
    )
    angle: Angle = "hird"
    speckle: SpeckleFilter = FocalMedian(filter="focal_median")
    products: Annotated[tuple[Product, ...], AfterValidator(_unique)] = Field(
        default=(Product.VVVH_DB,), min_length=1
    )
    valid_range: dict[Product, ValidRange | None] | None = Field(default_factory=dict)
    statistics: Annotated[tuple[Statistic, ...], AfterValidator(_unique)] = Field(
        default=(Statistic.MEDIAN, Statistic.STD_DEV, Statistic.COUNT), min_length=1
    )
    grid: GridSpec = GridSpec()
    clip: bool = True
    destination: Destination = GcsDestination()
    priority: int = Field(default=100, ge=0, le=9999)
    labels: dict[Annotated[str, Field(min_length=1, max_length=63)], Label] = Field(
        default_factory=dict, max_length=32
    )

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: dt.date, info: Any) -> dt.date:
        start = info.data.get("start")
        if start is not None and end <= start:
            word = "is empty" if end == start else "runs backwards"
            raise ValueError(f"the period {word}: `end` is exclusive and must be after `start`")
        return end

    @model_validator(mode="after")
    def _ranges_of_products(self) -> Self:
        for product in self.valid_range or {}:
            if product not in self.products:
                raise ValueError(f"valid_range names {product}, which is not among `products`")
        return self

    @property
    def follows_notebook(self) -> bool:
        """Whether the steps run as the notebook's: filtered in dB, no second mask, no mosaic."""
        return self.preset == presets.NOTEBOOK

    @property
    def angle_range(self) -> AngleRange | None:
        """The incidence angles to keep in degrees, or None for all."""
        return ANGLE_RANGES[self.angle] if isinstance(self.angle, str) else self.angle

    def range_of(self, product: Product) -> tuple[float, float] | None:
        """Return the valid range of a product (strict, its unit), or None for no limits."""
        if self.valid_range is None:
            return None
        return self.valid_range.get(product, VALID_RANGES.get(product))

    @property
    def bands(self) -> tuple[str, ...]:
        """Names of the output bands, in order: `{product}_{statistic}`."""
        return tuple(f"{p.band}_{s.value}" for p in self.products for s in self.statistics)
