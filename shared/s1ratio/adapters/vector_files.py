"""Vector files (GeoPackage, Shapefile, KML and what else GDAL reads) as areas, page by page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
from shapely.geometry import mapping

from s1ratio.sources import SourceFeature, unreadable
from s1ratio.sources.projecting import to_lon_lat

_PAGE = 500


def read_vector_file(path: Path, layer: str | None, told: set[str]) -> Iterator[SourceFeature]:
    """Yield the areas in a layer of a file; raise InvalidRequest where it can't be read.

    A file of one layer needs no name of it. What was done about its crs is added to `told`. What
    has no geometry is an error; geometries become two-dimensional.
    """
    chosen = _layer(path, layer)
    number = 0
    while True:
        crs, page = _page(path, chosen, number)
        for geometry in page:
            number += 1
            where = f"{path}, feature {number}"
            shape = shapely.from_wkb(geometry) if geometry is not None else None
            if shape is None or shape.is_empty:
                raise unreadable(where, "it has no geometry: give it one, or leave it out")
            moved, words = to_lon_lat(shape, crs, where if crs is None else str(path))
            if words:
                told.add(words)
            yield SourceFeature(where, dict(mapping(moved)))
        if len(page) < _PAGE:
            break
    if not number:
        raise unreadable(f"{path}", f"the layer {chosen!r} has no features: give another one")


def _layer(path: Path, wanted: str | None) -> str:
    try:
        names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    except DataSourceError as error:
        words = "no vector file that can be read: give GeoJSON, GeoPackage, Shapefile or KML"
        raise unreadable(f"{path}", words) from error
    if wanted is not None and wanted not in names:
        words = f"there is no layer {wanted!r}: choose one of {', '.join(names)} by --layer"
        raise unreadable(f"{path}", words)
    if not names:
        raise unreadable(f"{path}", "it has no layer with geometries: give another file")
    if wanted is None and len(names) > 1:
        words = f"it has {len(names)} layers: choose one of {', '.join(names)} by --layer"
        raise unreadable(f"{path}", words)
    return wanted or names[0]


def _page(path: Path, layer: str, skip: int) -> tuple[str | None, Any]:
    try:
        meta, _, geometries, _ = pyogrio.raw.read(
            path, layer=layer, columns=[], skip_features=skip, max_features=_PAGE
        )
    except (DataSourceError, DataLayerError, FeatureError, RuntimeError, ValueError) as error:
        said = " ".join(str(error).split())
        raise unreadable(f"{path}", f"it can't be read: {said}: put it right") from error
    return meta["crs"], [] if geometries is None else geometries
