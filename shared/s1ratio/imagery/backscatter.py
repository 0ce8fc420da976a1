"""VV and VH of a scene: linear power and dB, and what of it may be used."""

import math
from dataclasses import dataclass

import ee

from s1ratio.imagery.collection import POLARISATIONS
from s1ratio.request.fields import AngleRange, Collection

_DB_TO_NEPER = math.log(10) / 10


@dataclass(frozen=True)
class Backscatter:
    """One image in both units, bands `VV` and `VH`: `power` is linear, `db` 10·log10 of it.

    The unit that a formula leaves unused is no part of the graph.
    """

    power: ee.Image
    db: ee.Image

    @classmethod
    def from_power(cls, power: ee.Image) -> "Backscatter":
        """Return the backscatter of an image in linear power."""
        return cls(power, power.log10().multiply(10))

    @classmethod
    def from_db(cls, db: ee.Image) -> "Backscatter":
        """Return the backscatter of an image in dB."""
        # exp keeps the bands' names; a constant to the power of an image may take its own.
        return cls(db.multiply(_DB_TO_NEPER).exp(), db)

    @classmethod
    def of_scene(cls, scene: ee.Image, collection: Collection) -> "Backscatter":
        """Return the backscatter of a scene of a collection, in whose unit its pixels are."""
        bands = scene.select(list(POLARISATIONS))
        return cls.from_db(bands) if collection is Collection.DB else cls.from_power(bands)


def within_angles(image: ee.Image, scene: ee.Image, angles: AngleRange | None) -> ee.Image:
    """Return the image masked where the scene's incidence angle is outside the range (strict)."""
    if angles is None:
        return image
    angle = scene.select("angle")
    if angles.min is not None:
        image = image.updateMask(angle.gt(angles.min))
    if angles.max is not None:
        image = image.updateMask(angle.lt(angles.max))
    return image


def positive(power: ee.Image) -> ee.Image:
    """Return the image masked where VV or VH is not over 0, in both bands alike.

    Noise subtraction leaves such pixels: they have no logarithm, and their quotient means
    nothing.
    """
    first, second = (power.select(name).gt(0) for name in POLARISATIONS)
    return power.updateMask(first.And(second))
