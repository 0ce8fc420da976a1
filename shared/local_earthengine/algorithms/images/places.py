"""Images of what a pixel's place tells: coordinates, areas, noise."""

from __future__ import annotations

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.registry import algorithm
from local_earthengine.geo.projection import WGS84, Projection
from local_earthengine.pixels.noise import Noise
from local_earthengine.pixels.places import Area, Coordinate
from local_earthengine.values.image import Band, Image


@algorithm("Image.pixelArea")
def pixel_area() -> Image:
    """Return a band `area`, in square metres.

    Unsettled: on the WGS84 ellipsoid, in a projection by its scale at the pixel's centre.
    """
    return Image(bands=(Band("area", Area()),))


@algorithm("Image.pixelLonLat")
def pixel_lon_lat() -> Image:
    """Return bands `longitude` and `latitude` of the pixels' centres, in degrees."""
    names = ("longitude", "latitude")
    return Image(bands=tuple(Band(n, Coordinate(WGS84, axis)) for axis, n in enumerate(names)))


@algorithm("Image.pixelCoordinates")
def pixel_coordinates(target: Projection) -> Image:
    """Return bands `x` and `y`: the pixels' centres in the pixels of a projection."""
    bands = (Band(name, Coordinate(target, axis), target) for axis, name in enumerate("xy"))
    return Image(bands=tuple(bands))


@algorithm("Image.random")
def random(seed: int, distribution: str) -> Image:
    """Return a band `random`, which depends on the seed and the pixel's place alone.

    Unsettled: the same distribution as Earth Engine's, but not the same numbers.
    """
    if distribution not in {"uniform", "normal"}:
        raise EarthEngineError(
            f"The distribution must be 'uniform' or 'normal', not '{distribution}'."
        )
    return Image(bands=(Band("random", Noise(seed, distribution == "normal")),))
