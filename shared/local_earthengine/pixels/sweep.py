"""The pixels of a region, tile by tile, as columns of values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from local_earthengine.geo.coverage import Region
from local_earthengine.geo.lattice import View, Window
from local_earthengine.pixels.arrays import ArrayPixels
from local_earthengine.pixels.executor import Executor
from local_earthengine.pixels.node import Pixels

_TILE: Final = 512


@dataclass(frozen=True, eq=False)
class Piece:
    """Pixels of a tile that belong to a region: a column for each band, and each pixel's place.

    In a column NaN stands for what is masked; columns without a gap keep their type. `where` are
    rows and columns of the lattice.
    """

    columns: list[NDArray[Any]]
    weights: NDArray[np.float64]
    centred: NDArray[np.bool_]
    where: NDArray[np.int64]


def sweep(executor: Executor, region: Region) -> Iterator[Piece]:
    """Yield the pieces of a region, row by row of tiles.

    No tile is computed that it does not touch.
    """
    whole = region.window
    for row in range(whole.row, whole.row + whole.height, _TILE):
        for col in range(whole.col, whole.col + whole.width, _TILE):
            width = min(_TILE, whole.col + whole.width - col)
            height = min(_TILE, whole.row + whole.height - row)
            piece = _piece(executor, region, Window(col, row, width, height))
            if piece is not None:
                yield piece


def _piece(executor: Executor, region: Region, window: Window) -> Piece | None:
    weights, centred = region.cover(View(region.lattice, window))
    rows, cols = np.nonzero((weights > 0) | centred)
    if not len(rows):
        return None
    top, left = int(rows.min()), int(cols.min())
    around = Window(
        window.col + left, window.row + top, int(cols.max()) - left + 1, int(rows.max()) - top + 1
    )
    bands = executor.run(View(region.lattice, around))
    picked = rows - top, cols - left
    return Piece(
        [column(band, picked) for band in bands],
        weights[rows, cols],
        centred[rows, cols],
        np.stack([rows + window.row, cols + window.col], axis=1),
    )


def column(band: Pixels, picked: tuple[NDArray[np.int64], NDArray[np.int64]]) -> NDArray[Any]:
    """Return the band's values at some pixels, NaN where masked.

    Arrays of unlike lengths are objects.
    """
    values, valid = band.values[picked], band.valid[picked]
    if isinstance(band, ArrayPixels) and band.lengths is not None:
        return _ragged(values, valid, band.lengths[picked])
    if valid.all():
        return values
    known = valid.reshape(-1, *[1] * (values.ndim - 1))
    return np.where(known, values, np.nan)


def _ragged(
    values: NDArray[Any], valid: NDArray[np.bool_], lengths: NDArray[np.int64]
) -> NDArray[Any]:
    out = np.full(len(values), None, object)
    for i, known in enumerate(valid):
        if known:
            out[i] = values[i][tuple(slice(0, int(length)) for length in lengths[i])]
    return out


def nulls(values: Sequence[Any] | NDArray[Any]) -> list[Any]:
    """Return a column as plain values, null for NaN."""
    return [
        None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN
        for value in (values.tolist() if isinstance(values, np.ndarray) else values)
    ]
