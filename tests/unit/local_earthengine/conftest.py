"""What the tests here share: the client, initialised from memory, and STAC items."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine

from tests.support import offline_client as ee_offline

TRANSFORM = [30.0, 0.0, 500_000.0, 0.0, -30.0, 5_000_000.0]


@pytest.fixture(scope="module", autouse=True)
def client() -> None:
    """`ee` builds expressions; no request can leave."""
    ee_offline.initialize()


@pytest.fixture
def write_item(tmp_path: Path) -> Callable[..., Path]:
    """Writes a 4 x 6 pixel scene and its item; keyword arguments overwrite the item's parts."""

    def write(
        name: str,
        vv: np.ndarray,
        vh: np.ndarray,
        *,
        unit: str = "1",
        crs: str = "EPSG:32633",
        transform: Sequence[float] = TRANSFORM,
        **over: Any,
    ) -> Path:
        folder = tmp_path / "catalog" / "items"
        folder.mkdir(parents=True, exist_ok=True)
        for band, values in (("vv", vv), ("vh", vh)):
            height, width = values.shape
            with rasterio.open(
                folder / f"{name}-{band}.tif",
                "w",
                driver="GTiff",
                width=width,
                height=height,
                count=1,
                dtype="float32",
                crs=crs,
                transform=Affine(*transform),
            ) as file:
                file.write(values.astype("float32"), 1)
        properties = {
            "datetime": "2023-12-03T01:59:04Z",
            "platform": "sentinel-1a",
            "sar:instrument_mode": "IW",
            "sat:orbit_state": "ascending",
            "sat:relative_orbit": 137,
            "view:incidence_angle": 35.5,
            "proj:code": crs,
            "proj:shape": list(vv.shape),
            "proj:transform": list(transform),
            **over.pop("properties", {}),
        }
        ring = [[15.0, 45.1], [15.0, 45.2], [15.1, 45.2], [15.1, 45.1], [15.0, 45.1]]
        item = {
            "type": "Feature",
            "stac_version": "1.1.0",
            "id": name,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {key: value for key, value in properties.items() if value is not None},
            "assets": {
                band: {"href": f"./{name}-{band}.tif", "unit": unit} for band in ("vv", "vh")
            },
            **over,
        }
        path = folder / f"{name}.json"
        path.write_text(json.dumps(item))
        return path

    return write
