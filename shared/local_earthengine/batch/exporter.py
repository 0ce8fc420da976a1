"""Carries out an export: evaluates the image, writes files aside, moves them into place."""

from __future__ import annotations

import errno
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from local_earthengine.batch.export_request import ExportRequest
from local_earthengine.batch.geotiff import Layout, Tiles, common_layout, write_geotiff
from local_earthengine.batch.workers import Progress
from local_earthengine.engine import Engine, render
from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.values.export_grid import export_grid
from local_earthengine.values.image import Image

TILE: Final = 256  # pixels evaluated at a time, a side: progress shows on small images too
_PASSING: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE})
_MAX_FILE_BYTES: Final = 2**31  # of pixels in one file, unless the request says otherwise


@dataclass(frozen=True)
class Shard:
    """One file of an export: its part of the grid, and what its name ends with."""

    grid: PixelGrid
    suffix: str


class Exporter:
    """Runs exports into folders below `out`; unfinished files lie in `partial` alone."""

    def __init__(self, engine: Engine, out: Path, partial: Path) -> None:
        self._engine, self._out, self._partial = engine, out, partial

    def __call__(self, request: ExportRequest, progress: Progress, /) -> None:
        """Write the files of one export, all or none.

        Raise EarthEngineError for an image that cannot be exported, and whatever `progress`
        raises.
        """
        progress(0.0)
        image = self._engine.image(request.expression)
        grid = export_grid(image)
        check_size(grid, request.max_pixels)
        layout = layout_of(image, request)
        shards = shards_of(grid, layout, request)
        stem = request.destination.stem(self._out)
        self._partial.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="export-", dir=self._partial) as folder:
            count = _Counter(progress, grid.width * grid.height)
            skip_empty = request.options.skip_empty_files and len(shards) > 1
            files = []
            for shard in shards:
                path = Path(folder) / f"part{shard.suffix}.tif"
                tile = max(TILE, layout.block)  # a block is written once
                tiles = count.through(render(image, shard.grid, tile))
                if write_geotiff(path, shard.grid, layout, tiles) or not skip_empty:
                    files.append((path, shard.suffix))
            _move(files, stem)


def check_size(grid: PixelGrid, most: int) -> None:
    """Hold a grid to a limit of pixels. Raise EarthEngineError (400) in Earth Engine's words."""
    pixels = grid.width * grid.height
    if pixels > most:
        raise EarthEngineError(
            f"Export too large: specified {pixels} pixels (max: {most}). "
            "Specify higher maxPixels value if you intend to export a large area."
        )
    if grid.empty:
        raise EarthEngineError("Export region contains no pixels.")


def layout_of(image: Image, request: ExportRequest) -> Layout:
    """Return how an image's files are laid out.

    Raise EarthEngineError for bands that do not agree.
    """
    options = request.options
    no_data = options.no_data.float_value if options.no_data else None
    types = {band.name: band.type.dtype for band in image.bands}
    return common_layout(types, no_data, options.tile_size, options.cloud_optimized)


def shards_of(grid: PixelGrid, layout: Layout, request: ExportRequest) -> list[Shard]:
    """Return the files of an export, row by row; a single one has no suffix.

    A suffix is the first row and the first column, ten digits each. Unless the request gives
    the size of files, the side is that at which a file holds 2 GiB of pixels.
    """
    block = layout.block
    side = math.ceil(math.sqrt(_MAX_FILE_BYTES / layout.pixel_bytes) / block) * block
    asked = request.options.tile_dimensions
    width, height = (asked.width, asked.height) if asked else (side, side)
    if grid.width <= width and grid.height <= height:
        return [Shard(grid, "")]
    separator = "-" if request.destination.kind == "drive" else ""
    return [
        Shard(
            grid.window(col, row, min(width, grid.width - col), min(height, grid.height - row)),
            f"{separator}{row:010d}-{col:010d}",
        )
        for row in range(0, grid.height, height)
        for col in range(0, grid.width, width)
    ]


class _Counter:
    """Reports the share of the pixels that are done."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def through(self, tiles: Tiles) -> Iterator[tuple[PixelGrid, Mapping[str, Any]]]:
        """Yield the tiles, each counted when the next is asked for."""
        for tile in tiles:
            yield tile
            self._done += tile[0].width * tile[0].height
            self._progress(self._done / self._total)


def _move(files: list[tuple[Path, str]], stem: Path) -> None:
    """Move whole files to where they belong: on one file system, so each appears at once.

    Raise EarthEngineError where they may not be; OSError where the disk can't take them now.
    """
    try:
        stem.parent.mkdir(parents=True, exist_ok=True)
        for path, suffix in files:
            path.replace(stem.with_name(f"{stem.name}{suffix}.tif"))
    except OSError as fault:
        if fault.errno in _PASSING:
            raise
        raise EarthEngineError(f"Unable to write to {stem.name}: {fault.strerror}.") from fault
