"""The assets of an item: its GeoTIFFs with their bands, and pictures of them."""

import re
from collections.abc import Iterator
from typing import Any, Final

import pystac

from s1ratio.catalogue import extensions
from s1ratio.catalogue.facts import BandStatistics, Facts, FileFacts
from s1ratio.catalogue.placing import relative
from s1ratio.grid import PixelGrid
from s1ratio.pictures.scales import SCALES
from s1ratio.plan import NO_DATA

COG: Final = "image/tiff; application=geotiff; profile=cloud-optimized"
_SHARD = re.compile(r"(?P<row>\d{10})-(?P<column>\d{10})\.tif$")
_DIGITS = 7


def assets_of(facts: Facts) -> Iterator[tuple[str, pystac.Asset]]:
    """Yield the assets by key: `data`, or one for each part of a large composite."""
    many = len(facts.files) > 1
    for number, each in enumerate(facts.files):
        yield _key(each, number, many), _raster(facts, each)
    if facts.has_pictures:
        place = facts.place
        words = "the first band" + (", of the first file" if many else "")
        yield "overview", _picture(place.quicklook, facts, f"With legend and scale: {words}")
        yield "thumbnail", _picture(place.thumbnail, facts, f"Small: {words}")


def _key(file: FileFacts, number: int, many: bool) -> str:
    if not many:
        return "data"
    found = _SHARD.search(file.name)
    return f"data-{found['row']}-{found['column']}" if found else f"data-{number}"


def _raster(facts: Facts, file: FileFacts) -> pystac.Asset:
    grid = facts.task.plan.grid
    fields = {
        **extensions.file(file.size, file.md5),
        "data_type": "float32",
        "nodata": NO_DATA,
        "raster:spatial_resolution": facts.request.grid.scale,
        "raster:sampling": "area",
        **_part_of(grid, file, len(facts.files)),
        "bands": _bands(facts, file),
    }
    if file.statistics is not None:
        fields["s1ratio:statistics_shrink"] = round(file.shrink, 3)
    href = relative(file.name, facts.place.item)
    return pystac.Asset(href, media_type=COG, roles=["data"], extra_fields=fields)


def _part_of(grid: PixelGrid, file: FileFacts, files: int) -> dict[str, Any]:
    """Return where a file lies, if it is not the whole grid: as it says, or its name does."""
    if files == 1:
        return {}
    if file.transform is not None and file.shape is not None:
        return {"proj:transform": list(file.transform), "proj:shape": list(file.shape)}
    found = _SHARD.search(file.name)
    if found is None:
        return {}
    left, top = grid.left + int(found["column"]), grid.top - int(found["row"])
    x, y = left * grid.size, top * grid.size
    return {"proj:transform": [grid.size, 0.0, x, 0.0, -grid.size, y]}


def _bands(facts: Facts, file: FileFacts) -> list[dict[str, Any]]:
    bands = []
    for number, name in enumerate(facts.task.plan.bands):
        band: dict[str, Any] = {"name": name}
        scale = SCALES.get(name)  # a band of another version has none
        if scale is not None:
            band |= {"description": f"{scale.quantity}, {scale.statistic}", "unit": scale.unit}
            band |= {"raster:scale": 1.0, "raster:offset": 0.0}
            band["s1ratio:stretch"] = [scale.low, scale.high]
        if file.statistics is not None and number < len(file.statistics):
            band["statistics"] = _statistics(file.statistics[number])
        bands.append(band)
    return bands


def _statistics(found: BandStatistics) -> dict[str, float]:
    said = {
        "minimum": found.minimum,
        "maximum": found.maximum,
        "mean": found.mean,
        "stddev": found.stddev,
        "valid_percent": found.valid_percent,
    }
    return {
        name: float(f"{value:.{_DIGITS}g}") for name, value in said.items() if value is not None
    }


def _picture(name: str, facts: Facts, title: str) -> pystac.Asset:
    role = "thumbnail" if name == facts.place.thumbnail else "overview"
    href = relative(name, facts.place.item)
    return pystac.Asset(href, title=title, media_type="image/png", roles=[role])
