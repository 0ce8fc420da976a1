"""The parts of a request: names a publisher may use, and the small objects among its fields."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


class Part(BaseModel):
    """Base of everything in a message: unknown fields and coercions are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Product(StrEnum):
    """One band formula. `VV`, `VH` are linear power, `VV_dB`, `VH_dB` the same in dB."""

    VVVH_DB = "vvvh_db"  # VV_dB - VH_dB, which is 10 log10(VV / VH)
    VVVH_LINEAR = "vvvh_linear"  # VV / VH
    VVDVH_NOTEBOOK = "vvdvh_notebook"  # VV_dB / VH_dB, the notebook's quotient of logarithms
    VV_DB = "vv_db"
    VH_DB = "vh_db"
    VV_LINEAR = "vv_linear"
    VH_LINEAR = "vh_linear"

    @property
    def band(self) -> str:
        """What the product's bands are called before `_{statistic}`."""
        return "VVdVH" if self is Product.VVDVH_NOTEBOOK else self.value


class Statistic(StrEnum):
    """How the passes of a period become one value a pixel (Earth Engine's reducer names)."""

    MEDIAN = "median"
    STD_DEV = "stdDev"
    MEAN = "mean"
    MIN = "min"
    MAX = "max"
    COUNT = "count"


class Direction(StrEnum):
    """Flight direction of the passes."""

    ASCENDING = "ASCENDING"
    DESCENDING = "DESCENDING"
    BOTH = "BOTH"

    @property
    def passes(self) -> tuple["Direction", ...]:
        """The one direction, or both."""
        both = (Direction.ASCENDING, Direction.DESCENDING)
        return both if self is Direction.BOTH else (self,)


class Collection(StrEnum):
    """Earth Engine's Sentinel-1 GRD collections: the same scenes in power or in dB."""

    POWER = "COPERNICUS/S1_GRD_FLOAT"
    DB = "COPERNICUS/S1_GRD"


Platform = Literal["A", "B", "C", "D"]


class AngleRange(Part):
    """Incidence angles to keep, degrees, strict on both sides; at least one side is given."""

    min: float | None = Field(default=None, ge=0, le=90)
    max: float | None = Field(default=None, ge=0, le=90)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both, in degrees")
        if self.min is not None and self.max is not None and self.min >= self.max:
            raise ValueError(f"min ({self.min:g}) must be less than max ({self.max:g})")
        return self


ANGLE_RANGES: dict[str, AngleRange | None] = {
    "none": None,
    "hird": AngleRange(min=30.63993, max=45.23993),
    "notebook": AngleRange(min=30.63993, max=45.53993),
    "gt40": AngleRange(min=40.0),
}
Angle = Literal["none", "hird", "notebook", "gt40"] | AngleRange


class NoSpeckleFilter(Part):
    """Leave the speckle as it is."""

    filter: Literal["none"]


class FocalMedian(Part):
    """Median of the disk of `radius_m` metres around each pixel."""

    filter: Literal["focal_median"]
    radius_m: float = Field(default=100, gt=0, le=1000)


def _odd(value: int) -> int:
    if value % 2 == 0:
        raise ValueError("must be odd, so that the window has a centre")
    return value


class Boxcar(Part):
    """Mean of the square window of `size_px` pixels a side."""

    filter: Literal["boxcar"]
    size_px: Annotated[int, AfterValidator(_odd)] = Field(default=7, ge=3, le=51)


# A new filter is a class here and a function in imagery.speckle.
SpeckleFilter = Annotated[NoSpeckleFilter | FocalMedian | Boxcar, Field(discriminator="filter")]


class GridSpec(Part):
    """The lattice of the output: a crs and a pixel size in metres.

    `utm` is the zone of the AOI's centroid. In degrees the size is metres on the equator.
    `oversample` asks for pixels finer than the scenes' own: more of them, and no more to see.
    """

    crs: str = Field(default="utm", pattern=r"^(utm|EPSG:[1-9][0-9]{3,5})$")
    scale: float = Field(default=10, ge=1, le=10_000)
    oversample: bool = False


class GcsDestination(Part):
    """A prefix in the deployment's bucket."""

    kind: Literal["gcs"]
    prefix: str = Field(default="composites", max_length=200)


class DriveDestination(Part):
    """A folder of the Drive of whoever runs the exports."""

    kind: Literal["drive"]
    folder: str = Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9_. -]*$")


Destination = Annotated[GcsDestination | DriveDestination, Field(discriminator="kind")]


def _increasing(bounds: tuple[float, float]) -> tuple[float, float]:
    if bounds[0] >= bounds[1]:
        raise ValueError(f"the lower bound ({bounds[0]:g}) must be less than the upper")
    return bounds


ValidRange = Annotated[tuple[float, float], Field(strict=False), AfterValidator(_increasing)]

# A range suits one product only: -5..5 fits a quotient of dB, and would drop half of VV / VH.
VALID_RANGES: dict[Product, tuple[float, float] | None] = {
    Product.VVVH_DB: (-5.0, 30.0),
    Product.VVDVH_NOTEBOOK: (-5.0, 5.0),
}
