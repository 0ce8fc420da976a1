"""A coordinate system and the lattice of pixels in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid, Transform

# The length of a degree by which Earth Engine turns metres to degrees, whatever the latitude.
METRES_PER_DEGREE: Final = 111319.49079327357

UNIT: Final[Transform] = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@lru_cache(maxsize=64)
def coordinate_system(crs: str) -> CRS:
    """Return the pyproj CRS of an identifier or WKT; raise EarthEngineError if there is none."""
    try:
        return CRS.from_user_input(crs)
    except CRSError:
        raise EarthEngineError(
            f"The CRS of a map projection could not be parsed: '{crs}'."
        ) from None


@lru_cache(maxsize=64)
def transformer(source: str, target: str) -> Transformer:
    """Return what turns (x, y), longitude first, of one coordinate system into another's."""
    return Transformer.from_crs(
        coordinate_system(source), coordinate_system(target), always_xy=True
    )


@lru_cache(maxsize=64)
def metres_per_unit(crs: str) -> float:
    """Return the nominal length of the coordinate system's unit."""
    system = coordinate_system(crs)
    if system.is_geographic:
        return METRES_PER_DEGREE
    return float(system.axis_info[0].unit_conversion_factor)


@dataclass(frozen=True)
class Projection:
    """`transform` turns pixel corners (column, row) into coordinates, as `PixelGrid` has it."""

    crs: str
    transform: Transform = UNIT

    @property
    def nominal_scale(self) -> float:
        """The side of a pixel in metres, by the nominal length of the unit."""
        return PixelGrid(self.crs, self.transform, 1, 1).nominal_scale * metres_per_unit(self.crs)

    def at_scale(self, metres: float) -> Projection:
        """Return the same axes and origin with pixels of `metres`.

        Raise EarthEngineError unless above 0.
        """
        if not metres > 0:
            raise EarthEngineError(f"The scale must be above 0, not {metres}.")
        factor = metres / metres_per_unit(self.crs)
        x_scale, x_shear, x0, y_shear, y_scale, y0 = self.transform
        if x_shear or y_shear:
            factor /= PixelGrid(self.crs, self.transform, 1, 1).nominal_scale
            return Projection(
                self.crs,
                (x_scale * factor, x_shear * factor, x0, y_shear * factor, y_scale * factor, y0),
            )
        # Not old scale x ratio: the last digits of 10 m in degrees must be those of 10 / 111319.49.
        signs = (1 if x_scale > 0 else -1, 1 if y_scale > 0 else -1)
        return Projection(self.crs, (signs[0] * factor, 0.0, x0, 0.0, signs[1] * factor, y0))

    def to_json(self) -> dict[str, Any]:
        """Return it as `getInfo` shows it."""
        return {"type": "Projection", "crs": self.crs, "transform": list(self.transform)}


WGS84: Final = Projection("EPSG:4326")


def projection(crs: str, transform: Any = None) -> Projection:
    """Return a projection of checked parts: a known coordinate system, six numbers or none."""
    coordinate_system(crs)
    name = crs.upper() if crs.lower().startswith("epsg:") else crs
    if transform is None:
        return Projection(name)
    if len(transform) != 6 or not all(isinstance(value, (int, float)) for value in transform):
        raise EarthEngineError("A CRS transform must be a list of 6 numbers.")
    x_scale, x_shear, x0, y_shear, y_scale, y0 = (float(value) for value in transform)
    if x_scale * y_scale == x_shear * y_shear:
        raise EarthEngineError("The CRS transform is not invertible.")
    return Projection(name, (x_scale, x_shear, x0, y_shear, y_scale, y0))
