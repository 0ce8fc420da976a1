"""Sampling: some blocks of a GeoTIFF, of every level, decoded and measured, on a budget.

Which blocks follows from the file alone, so that looking again shows the same.
"""

import math
import time
from bisect import bisect_left
from contextlib import ExitStack
from itertools import accumulate, pairwise
from typing import Any

import shapely

from s1ratio.adapters.bucket.area import AreaTally
from s1ratio.adapters.bucket.levels import MAX_BLOCK, Level, Pixels, Window
from s1ratio.adapters.bucket.opening import opened
from s1ratio.adapters.bucket.ranges import Ranges
from s1ratio.errors import BudgetSpent, UnreadableRaster
from s1ratio.ports import BlockSample, LevelMatch, RasterSample

_SPREAD = 9  # blocks by place: corners, middles of sides, centre
_HEAVY = 4  # blocks by bytes: what is masked has few, what is measured has most
_CANDIDATES = 200  # blocks whose bytes are asked for
_CHEAP = 4  # blocks of an overview that is looked at as a whole; of the pixels themselves: _SPREAD
_CHAINS = 3  # blocks with data that are followed through all overviews
_MASKED_CHAINS = 2  # of those without data, over which none may lie
_STEP = 3  # an overview is compared with the level so many above it: 8 × as fine
_MIN_SIDE = 5  # px: a smaller part of an overview has no middle to compare


def sample_file(
    ranges: Ranges,
    counts: tuple[bool, ...],
    until: float,
    budget: int,
    area: shapely.Geometry | None = None,
) -> RasterSample:
    """Return what a sample of the file shows, for at most `budget` bytes and until then.

    `counts` tells which bands are counts; `area`, in the file's crs, is what is to be told of by
    itself. Raises UnreadableRaster if no level can be opened,
    ObjectMissing and ObjectStoreUnavailable.
    """
    with ExitStack() as stack:
        base = stack.enter_context(opened(ranges))
        levels = [Level(0, base, base, ranges)]
        for number in range(len(base.overviews(1))):
            file = stack.enter_context(opened(ranges, number))
            levels.append(Level(number + 1, base, file, ranges))
        broken = tuple(words for level in levels if (words := _too_large(level)))
        broken += tuple(words for pair in pairwise(levels) if (words := _no_coarser(*pair)))
        if broken:
            return RasterSample(broken=broken, overviews=len(levels) - 1)
        lies = area is not None and not base.transform.is_degenerate
        tally = AreaTally(area, levels[0], counts) if area is not None and lies else None
        return _Sampler(ranges, levels, counts, tally, until=until, budget=budget).sample()


def _too_large(level: Level) -> str | None:
    if level.block_bytes <= MAX_BLOCK:
        return None
    size = f"{level.block[1]} × {level.block[0]} px, {level.block_bytes / 1e6:,.0f} MB"
    return f"the blocks of {_named(level.number)} are {size} each: nobody can read a part of it"


def _no_coarser(above: Level, level: Level) -> str | None:
    """Return why a level is no overview of the one above it, or None."""
    fits = level.height <= above.height and level.width <= above.width
    if fits and (level.height, level.width) != (above.height, above.width):
        return None
    sizes = [f"{each.width} × {each.height} px" for each in (level, above)]
    return f"{_named(level.number)} has {sizes[0]}, which are no fewer than the {sizes[1]} above it"


def _named(level: int) -> str:
    return f"overview {level}" if level else "its pixels"


class _Sampler:
    """One file's sample as it grows."""

    def __init__(
        self,
        ranges: Ranges,
        levels: list[Level],
        counts: tuple[bool, ...],
        tally: AreaTally | None,
        *,
        until: float,
        budget: int,
    ) -> None:
        self._ranges, self._levels, self._counts, self._tally = ranges, levels, counts, tally
        self._until, self._allowed = until, ranges.spent + budget
        self._blocks: dict[tuple[int, int, int], BlockSample] = {}
        self._matches: list[LevelMatch] = []
        self._broken: dict[tuple[int, int, int], str] = {}
        self._left_out = 0

    def sample(self) -> RasterSample:
        """Look at a level as a whole, at blocks all over the file, and at what lies over them."""
        survey, surveyed = self._survey()
        base = self._levels[0]
        places = spread(base.rows, base.columns, _SPREAD)
        places += [place for place in _heavy(base) if place not in places]
        for place in places:
            self._measure(base, *place)
        filled = [place for place in places if self._is_filled(place)]
        masked = [place for place in places if place not in filled]
        for place in [*_some(filled, _CHAINS), *_some(masked, _MASKED_CHAINS)]:
            self._follow(place)
        return RasterSample(
            blocks=tuple(self._blocks.values()),
            survey=survey,
            survey_factor=_factor(base, surveyed),
            area=self._tally.measure(surveyed) if self._tally else None,
            matches=tuple(self._matches),
            broken=tuple(self._broken.values()),
            left_out=self._left_out,
            overviews=len(self._levels) - 1,
        )

    def _survey(self) -> tuple[tuple[BlockSample, ...], Level | None]:
        """Return the blocks of a level that was looked at as a whole, and that level."""
        for level in self._levels:
            most = _CHEAP if level.number else _SPREAD
            if level.rows * level.columns > most:
                continue
            places = [(row, column) for row in range(level.rows) for column in range(level.columns)]
            found = [self._measure(level, *place) for place in places]
            whole = tuple(block for block in found if block)
            return (whole, level) if len(whole) == len(found) else ((), None)
        return (), None

    def _measure(self, level: Level, row: int, column: int) -> BlockSample | None:
        key = (level.number, row, column)
        if key not in self._blocks and key not in self._broken:
            window = level.window(row, column)
            pixels = self._read(level, window, key)
            if pixels is not None:
                self._blocks[key] = self._sampled(key, pixels)
                if self._tally is not None:
                    self._tally.add(level, window, pixels)
        return self._blocks.get(key)

    def _sampled(self, key: tuple[int, int, int], pixels: Pixels) -> BlockSample:
        from s1ratio.adapters.bucket.measures import measure  # noqa: PLC0415 - numpy is late

        return BlockSample(*key, pixels.values[0].size, measure(pixels, self._counts))

    def _is_filled(self, place: tuple[int, int]) -> bool:
        block = self._blocks.get((0, *place))
        return block is not None and any(band.filled for band in block.bands)

    def _read(self, level: Level, window: Window, key: tuple[int, int, int]) -> Pixels | None:
        """Return a window's pixels; None if it is broken, or there is no more to spend."""
        cost = level.cost(window)
        if cost and (time.monotonic() > self._until or self._ranges.spent + cost > self._allowed):
            self._left_out += 1
            return None
        try:
            return level.read(window)
        except BudgetSpent:
            self._left_out += 1
        except UnreadableRaster as error:
            _, row, column = key
            words = f"block (row {row}, column {column}) of {_named(level.number)}"
            self._broken[key] = f"{words} can't be decoded: {error}"
        return None

    def _follow(self, place: tuple[int, int]) -> None:
        """Compare every overview with the level above it where a block's centre lies."""
        base = self._levels[0]
        window = base.window(*place)
        centre = ((window.top + window.bottom) / 2, (window.left + window.right) / 2)
        for level in self._levels[1:]:
            above = self._levels[max(0, level.number - _STEP)]
            self._compare(above, level, self._block_at(above, centre))

    def _block_at(self, level: Level, centre: tuple[float, float]) -> tuple[int, int]:
        base = self._levels[0]
        row = int(centre[0] * level.height / base.height / level.block[0])
        column = int(centre[1] * level.width / base.width / level.block[1])
        return min(row, level.rows - 1), min(column, level.columns - 1)

    def _compare(self, above: Level, level: Level, place: tuple[int, int]) -> None:
        from s1ratio.adapters.bucket.matching import Cells, match  # noqa: PLC0415 - numpy is late

        window = above.window(*place)
        rows = _pixels_over(window.top, window.bottom, above.height / level.height)
        columns = _pixels_over(window.left, window.right, above.width / level.width)
        if min(len(rows), len(columns)) < _MIN_SIDE:
            return
        part = Window(rows[0], columns[0], rows[-1] + 1, columns[-1] + 1)
        key = (level.number, rows[0] // level.block[0], columns[0] // level.block[1])
        fine = self._read(above, window, (above.number, *place))
        coarse = self._read(level, part, key) if fine else None
        if fine is None or coarse is None:
            return
        self._blocks.setdefault(key, self._sampled(key, coarse))
        down, across = above.height / level.height, above.width / level.width
        cells = Cells(
            [round(row * down) - window.top for row in (*rows, rows[-1] + 1)],
            [round(column * across) - window.left for column in (*columns, columns[-1] + 1)],
        )
        self._matches += match(level.number, fine, coarse, cells)


def _factor(base: Level, level: Level | None) -> float:
    """Return how many pixels lie under one of a level."""
    return base.height * base.width / (level.height * level.width) if level else 1.0


def _pixels_over(start: int, stop: int, factor: float) -> range:
    """Return the pixels of an overview that lie wholly over finer ones from start to stop."""
    return range(math.ceil(start / factor - 1e-6), math.floor(stop / factor + 1e-6))


def spread(rows: int, columns: int, most: int) -> list[tuple[int, int]]:
    """Return up to `most` places evenly over a grid of blocks: the last, the first, then others."""
    across = min(columns, max(math.isqrt(most), most // rows))
    down = min(rows, most // across)
    places = [(row, column) for row in _evenly(rows, down) for column in _evenly(columns, across)]
    return list(dict.fromkeys([places[-1], places[0], places[len(places) // 2], *places]))


def _some(places: list[tuple[int, int]], most: int) -> list[tuple[int, int]]:
    return [places[i] for i in _evenly(len(places), min(most, len(places)))]


def _evenly(length: int, many: int) -> list[int]:
    return [i * (length - 1) // (many - 1) for i in range(many)] if many > 1 else [0][:many]


def _heavy(level: Level) -> list[tuple[int, int]]:
    """Return the blocks that lie evenly over the bytes of a level."""
    many = level.rows * level.columns
    places = [divmod(i, level.columns) for i in _evenly(many, min(many, _CANDIDATES))]
    sums = [*accumulate(level.stored(*place) for place in places)]
    if not sums[-1]:
        return []
    wanted = [sums[-1] * (2 * i + 1) / (2 * _HEAVY) for i in range(_HEAVY)]
    found: dict[tuple[int, int], Any] = {}
    for at in wanted:
        found[places[min(bisect_left(sums, at), len(places) - 1)]] = None
    return [*found]
