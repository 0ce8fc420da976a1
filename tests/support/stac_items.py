"""STAC items of any sensor, written on the spot: a GeoTIFF for each asset, and the item."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray

UTM = "EPSG:32633"
CORNER = (500_000.0, 5_000_000.0)


@dataclass
class Tiff:
    """A raster to be written: `values` of shape (height, width) or (bands, height, width)."""

    values: NDArray[Any]
    crs: str | None = UTM
    scale: float = 10.0
    corner: tuple[float, float] = CORNER
    nodata: float | None = None
    names: tuple[str, ...] = ()
    mask: NDArray[np.bool_] | None = None

    def write(self, path: Path) -> None:
        """Writes the file."""
        bands = self.values if self.values.ndim == 3 else self.values[None]
        count, height, width = bands.shape
        west, north = self.corner
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            width=width,
            height=height,
            count=count,
            dtype=bands.dtype.name,
            crs=self.crs,
            nodata=self.nodata,
            transform=Affine(self.scale, 0, west, 0, -self.scale, north),
        ) as file:
            file.write(bands)
            for number, name in enumerate(self.names, 1):
                file.set_band_description(number, name)
            if self.mask is not None:
                file.write_mask(self.mask)


def write_item(
    folder: Path,
    name: str,
    assets: Mapping[str, Tiff | tuple[Tiff, Mapping[str, Any]]],
    *,
    collection: str | None = None,
    properties: Mapping[str, Any] | None = None,
    **over: Any,
) -> Path:
    """Writes an item without geometry; an asset may come with fields of its own. Its path."""
    folder.mkdir(parents=True, exist_ok=True)
    told = {}
    for key, asset in assets.items():
        tiff, fields = asset if isinstance(asset, tuple) else (asset, {})
        file = f"{name.replace('/', '-')}-{key}.tif"
        tiff.write(folder / file)
        told[key] = {"href": f"./{file}", "type": "image/tiff; application=geotiff", **fields}
    item = {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": name,
        "geometry": None,
        "properties": {"datetime": None, **(properties or {})},
        "links": [],
        "assets": told,
        **({} if collection is None else {"collection": collection}),
        **over,
    }
    path = folder / f"{name.replace('/', '-')}.json"
    path.write_text(json.dumps(item))
    return path
