"""One number for a pass that climbs across the equator, where its own orbit numbers change.

The numbers change when the satellite is above the equator. It looks to the right, so what it sees
just then lies 0.65 to 1.11 degrees north. A slice that begins and ends on one orbit was flown
before or after that: its place tells which.
"""

from functools import cache

import ee

from s1ratio.imagery.mapping import Body, image_body, map_images
from s1ratio.orbits import ORBITS_IN_CYCLE

ORBIT = "relativeOrbitNumber_start"
DIRECTION = "orbitProperties_pass"
ABSOLUTE_ORBIT = "orbitNumber_start"
_LAST_ABSOLUTE_ORBIT = "orbitNumber_stop"
# What is added to a scene: the numbers that its pass has south of the node.
SOUTHERN_ORBIT = "southernRelativeOrbitNumber"
SOUTHERN_ABSOLUTE_ORBIT = "southernOrbitNumber"
# Degrees. The middle of a slice that ends within two seconds before the node lies north of the
# equator too, up to 0.13; but it begins 0.8 south. None of after the node begins south of 0.6.
_SOUTHERNMOST = -0.2
_TOLERANCE = 100  # metres


def number_passes(scenes: ee.ImageCollection) -> ee.ImageCollection:
    """Return the scenes with `SOUTHERN_ORBIT` and `SOUTHERN_ABSOLUTE_ORBIT` set.

    They are a scene's own numbers of its start; of an ascending one that was flown after the node
    one less, and 175 in place of 0.
    """
    return map_images(scenes, _body())


@cache
def _body() -> Body:
    return image_body(_numbered)


def _numbered(scene: ee.Image) -> ee.Image:
    after = _is_after(scene)
    relative = ee.Number(scene.get(ORBIT)).subtract(after)
    own = {
        SOUTHERN_ORBIT: relative.add(ORBITS_IN_CYCLE - 1).mod(ORBITS_IN_CYCLE).add(1),
        SOUTHERN_ABSOLUTE_ORBIT: ee.Number(scene.get(ABSOLUTE_ORBIT)).subtract(after),
    }
    return ee.Image(scene.set(own))


def _is_after(scene: ee.Image) -> ee.Number:
    """Return 1 for a scene that climbs and was flown after the node as a whole, else 0."""
    climbs = ee.String(scene.get(DIRECTION)).compareTo("ASCENDING").eq(0)
    first, last = (ee.Number(scene.get(name)) for name in (ABSOLUTE_ORBIT, _LAST_ABSOLUTE_ORBIT))
    footprint = scene.geometry()
    middle = ee.Number(footprint.centroid(_TOLERANCE).coordinates().get(1))
    # The ring of a box begins in its south-west: longitude, latitude.
    south = ee.Number(footprint.bounds(_TOLERANCE).coordinates().flatten().get(1))
    return climbs.And(first.eq(last)).And(middle.gt(0)).And(south.gt(_SOUTHERNMOST))
