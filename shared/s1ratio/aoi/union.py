"""Several polygons as one shape, without a computation that others can blow up."""

import shapely
from shapely import MultiPolygon, Polygon
from shapely.affinity import translate

# Pairs of edges that meet, edges of one ring included; a union costs as much as there are.
MAX_MEETINGS = 200_000
_BATCH = 50


def united(shapes: list[Polygon]) -> Polygon | MultiPolygon | None:
    """Return one shape; they may overlap, and halves cut at ±180° become neighbours.

    None where their edges meet too often: a union of 10,000 edges may have millions of corners.
    """
    if len(shapes) == 1:
        return shapely.orient_polygons(shapes[0])
    neighbours = _beside_each_other(shapes)
    if _meet_too_often(neighbours):
        return None
    return shapely.orient_polygons(shapely.union_all(neighbours))


def _meet_too_often(shapes: list[Polygon]) -> bool:
    points, ring = shapely.get_coordinates(shapely.get_rings(shapes), return_index=True)
    same = ring[1:] == ring[:-1]
    ends = zip(points[:-1][same], points[1:][same], strict=True)
    edges = shapely.linestrings(list(ends))
    tree = shapely.STRtree(edges)
    met = 0
    for i in range(0, len(edges), _BATCH):
        met += tree.query(edges[i : i + _BATCH], predicate="intersects").shape[1]
        if met > MAX_MEETINGS:
            return True
    return False


def _beside_each_other(shapes: list[Polygon]) -> list[Polygon]:
    """Bring the two sides of an area cut at ±180° together, if that makes it narrower."""
    shifted = [translate(s, xoff=360) if s.bounds[2] <= 0 else s for s in shapes]
    return min(shapes, shifted, key=_width)


def _width(shapes: list[Polygon]) -> float:
    return float(max(s.bounds[2] for s in shapes) - min(s.bounds[0] for s in shapes))
