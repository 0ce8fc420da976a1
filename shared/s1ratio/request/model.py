"""`CompositeRequest`: a valid message, its preset's defaults filled in."""

from typing import TypeAlias

from pydantic import Field, ValidationInfo, field_validator

from s1ratio import presets
from s1ratio.aoi import Aoi
from s1ratio.faults import Fault
from s1ratio.request.checks import (
    NO_LIMITS,
    Limits,
    area_faults,
    destination_faults,
    period_faults,
)
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
from s1ratio.request.grid_checks import box_faults, crs_faults, scale_faults, speckle_faults
from s1ratio.request.kinds import (
    Area,
    Bound,
    Label,
    LabelName,
    Preset,
    RelativeOrbit,
    RequestId,
    Several,
    Version,
    checked,
)
from s1ratio.request.moments import Moment, instant_of

Ranges: TypeAlias = dict[Product, ValidRange | None]


def _limits(info: ValidationInfo) -> Limits:
    return info.context if isinstance(info.context, Limits) else NO_LIMITS


class CompositeRequest(Part):
    """One request for VV/VH composites; version 1 of the message.

    Only `aoi`, `start` and `end` are required. The defaults are those of the `default` preset.
    A `Limits` as the context of validation is held to; without one there are none.
    """

    version: Version = 1
    request_id: RequestId | None = None
    aoi: Area
    start: Bound
    end: Bound = Field(description="Exclusive.")
    preset: Preset = "default"
    collection: Collection = Collection.POWER
    orbits: Several[RelativeOrbit] | None = Field(default=None, max_length=175)
    direction: Direction = Direction.BOTH
    platforms: Several[Platform] = ("A", "B", "C", "D")
    angle: Angle = "hird"
    products: Several[Product] = (Product.VVVH_DB,)
    valid_range: Ranges | None = Field(default_factory=dict)
    statistics: Several[Statistic] = (Statistic.MEDIAN, Statistic.STD_DEV, Statistic.COUNT)
    grid: GridSpec = Field(default=GridSpec(), validate_default=True)
    speckle: SpeckleFilter = Field(
        default=FocalMedian(filter="focal_median"), validate_default=True
    )
    clip: bool = True
    pin_inputs: bool = False
    destination: Destination = GcsDestination(kind="gcs")
    priority: int = Field(default=100, ge=0, le=9999)
    labels: dict[LabelName, Label] = Field(default_factory=dict, max_length=32)

    @field_validator("aoi")
    @classmethod
    def _allowed_area(cls, aoi: Aoi, info: ValidationInfo) -> Aoi:
        return checked(aoi, area_faults(aoi, _limits(info)))

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: Moment, info: ValidationInfo) -> Moment:
        start = info.data.get("start")
        if start is None:  # its own fault is told already
            return checked(end, period_faults(end, end, _limits(info)))
        if instant_of(end) <= instant_of(start):
            word = "is empty" if end == start else "runs backwards"
            raise ValueError(f"the period {word}: `end` is exclusive and must be after `start`")
        return checked(end, period_faults(start, end, _limits(info)))

    @field_validator("valid_range")
    @classmethod
    def _of_products(cls, ranges: Ranges | None, info: ValidationInfo) -> Ranges | None:
        products = info.data.get("products", tuple(Product))
        strangers = [product for product in ranges or {} if product not in products]
        said = "this product is not among `products`"
        return checked(ranges, [Fault(f".{product}", "product", said) for product in strangers])

    @field_validator("grid")
    @classmethod
    def _allowed_grid(cls, grid: GridSpec, info: ValidationInfo) -> GridSpec:
        faults = crs_faults(info.data.get("aoi"), grid.crs) + scale_faults(grid, _limits(info))
        return checked(grid, faults)

    @field_validator("speckle")
    @classmethod
    def _suits_pixels(cls, speckle: SpeckleFilter, info: ValidationInfo) -> SpeckleFilter:
        return checked(speckle, speckle_faults(speckle, info.data.get("grid")))

    @field_validator("clip")
    @classmethod
    def _allowed_box(cls, clip: bool, info: ValidationInfo) -> bool:
        aoi, grid = info.data.get("aoi"), info.data.get("grid")
        return checked(clip, box_faults(aoi, grid, clip, _limits(info)))

    @field_validator("destination")
    @classmethod
    def _may_be_written(cls, destination: Destination, info: ValidationInfo) -> Destination:
        return checked(destination, destination_faults(destination, _limits(info)))

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
