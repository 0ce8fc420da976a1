"""Files as the local Earth Engine's exports write them, of pixels that a composite may have."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from local_earthengine.batch.geotiff import Layout, write_geotiff
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.pixels.node import Pixels

BANDS = ("vvvh_db_median", "vvvh_db_stdDev", "vvvh_db_count")
LEFT, TOP, SIZE = 500_000.0, 5_550_000.0, 10.0


@dataclass
class Composite:
    """Pixels to be exported: values of each band, and where all of them are valid."""

    bands: dict[str, Any]
    valid: Any
    masks: dict[str, Any] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        height, width = self.valid.shape
        return height, width

    def part(self, top: int, left: int, height: int, width: int) -> "Composite":
        """Return a rectangle of it."""
        place = slice(top, top + height), slice(left, left + width)
        bands = {name: values[place] for name, values in self.bands.items()}
        masks = {name: mask[place] for name, mask in self.masks.items()}
        return Composite(bands, self.valid[place].copy(), masks)


def make_composite(height: int = 384, width: int = 384, seed: int = 1) -> Composite:
    """Return a landscape of fields and speckle: median, standard deviation, and a count of 5 or 6.

    The ratio in dB lies about 7, as it does on land.
    """
    rng = np.random.default_rng(seed)
    down, across = -(-height // 16), -(-width // 16)
    fields = np.kron(rng.normal(7, 2, (down, across)), np.ones((16, 16)))[:height, :width]
    spread = np.abs(rng.normal(2.5, 0.5, (height, width))) + 0.01
    bands = {
        "vvvh_db_median": np.clip(fields + rng.normal(0, 1, (height, width)), -4.5, 29.5),
        "vvvh_db_stdDev": spread,
        "vvvh_db_count": rng.integers(5, 7, (height, width)).astype(float),
    }
    typed = {name: values.astype(np.float32) for name, values in bands.items()}
    return Composite(typed, np.ones((height, width), bool))


def export(
    path: Path,
    composite: Composite,
    *,
    left: int = 0,
    top: int = 0,
    no_data: float | None = -9999.0,
    dtype: str = "float32",
    bands: Mapping[str, str] | None = None,
    block: int = 128,
) -> Path:
    """Write a composite as an export does; `left`, `top` are pixels from the corner of all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    height, width = composite.shape
    transform = (SIZE, 0.0, LEFT + left * SIZE, 0.0, -SIZE, TOP - top * SIZE)
    grid = PixelGrid("EPSG:32633", transform, width, height)
    names = bands or {name: name for name in composite.bands}
    layout = Layout(tuple(names), np.dtype(dtype), no_data, block, cloud_optimized=True)
    pixels = {
        name: Pixels(composite.bands[of], composite.masks.get(of, composite.valid))
        for name, of in names.items()
    }
    write_geotiff(path, grid, layout, [(grid, pixels)])
    return path
