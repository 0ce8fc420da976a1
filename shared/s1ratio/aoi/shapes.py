"""Areas given by numbers instead of outlines: a box, and a point with a radius."""

from typing import Any

from pyproj import Geod
from shapely import Polygon
from shapely.geometry import box

from s1ratio.aoi import longitudes
from s1ratio.aoi.rings import is_number, read_position
from s1ratio.faults import Fault

_GEOD = Geod(ellps="WGS84")
_BUFFER_VERTICES = 128
MAX_BUFFER_M = 500_000
_AT_POLE = 1e-3  # of the radius: so near, the edge is torn


def read_bbox(value: Any, path: str, faults: list[Fault]) -> Polygon | None:
    """Return the box `[west, south, east, north]`; west > east means across the antimeridian.

    Such a box is given with east beyond 180, unwrapped.
    """
    if not isinstance(value, list) or len(value) != 4:
        faults.append(Fault(path, "bbox", "must be [west, south, east, north]"))
        return None
    corners = [
        read_position(value[:2], f"{path}[0:2]", faults),
        read_position(value[2:], f"{path}[2:4]", faults),
    ]
    if corners[0] is None or corners[1] is None:
        return None
    (west, south), (east, north) = corners[0], corners[1]
    if south >= north:
        faults.append(Fault(path, "bbox", f"south ({south:g}) must be less than north ({north:g})"))
    same = (east - west) % 360 == 0 and (west, east) != (-180, 180)
    if same:
        words = f"west ({west:g}) and east ({east:g}) are one meridian: the box has no width"
        faults.append(Fault(path, "bbox", words))
    if south >= north or same:
        return None
    return box(west, south, east + 360 if east < west else east, north)


def long_way_round(bbox: list[float]) -> str | None:
    """Return what may be a slip in a valid box, and what to do: west and east swapped."""
    west, south, east, north = bbox
    width = east - west + longitudes.TURN
    if not longitudes.TURN / 2 < width < longitudes.TURN:
        return None
    words = f"west ({west:g}) is greater than east ({east:g}), so it goes {width:g}° eastwards"
    meant = f"[{east:g}, {south:g}, {west:g}, {north:g}]"
    return f"{words} across the antimeridian; if west and east were swapped, send {meant}"


def read_point(geometry: dict[str, Any], path: str, faults: list[Fault]) -> Polygon | None:
    """Return the geodesic disk of `buffer_m` metres around a Point's `coordinates`.

    It is a polygon of 128 vertices, unwrapped where it crosses the antimeridian.
    """
    radius = geometry.get("buffer_m")
    if radius is None:
        faults.append(
            Fault(f"{path}.buffer_m", "buffer", "a Point needs `buffer_m`, its radius in metres")
        )
    elif not is_number(radius) or not 0 < radius <= MAX_BUFFER_M:
        faults.append(
            Fault(f"{path}.buffer_m", "buffer", f"must be metres, over 0, at most {MAX_BUFFER_M}")
        )
        radius = None
    centre = read_position(geometry.get("coordinates"), f"{path}.coordinates", faults)
    if centre is None or radius is None:
        return None
    return _disk(centre, float(radius), path, faults)


def _disk(
    centre: tuple[float, float], radius: float, path: str, faults: list[Fault]
) -> Polygon | None:
    lon, lat = centre
    gaps = [abs(_GEOD.inv(lon, lat, lon, pole)[2] - radius) for pole in (90, -90)]
    if min(gaps) < _AT_POLE * radius:
        words = "the edge of the buffered point meets a pole: make it a little larger or smaller"
        faults.append(Fault(path, "pole", words))
        return None
    azimuths = [360 * i / _BUFFER_VERTICES for i in range(_BUFFER_VERTICES)]
    lons, lats, _ = _GEOD.fwd(
        [lon] * len(azimuths), [lat] * len(azimuths), azimuths, [radius] * len(azimuths)
    )
    around = list(zip(lons, lats, strict=True))
    ring = longitudes.unwrapped([*around, around[0]])
    return None if ring is None else Polygon(longitudes.beside(ring, [centre]))
