"""Samples of a GeoTIFF's pixels: what was found in some of its blocks, and how levels agree.

Level 0 are the pixels themselves, the overviews follow from 1 on, the finest first.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class BandSample:
    """The pixels of one band in one block.

    `valid` ones are no NaN and not the value for no data; `filled` ones have data: of a count they
    are those above 0, else the valid ones. `seen` are the pixels of those cells of 8 × 8 that have
    a filled one; `zero_cells` counts the cells of which all pixels are exactly 0. `low` and `high`
    are the extremes of the valid ones, `most` what nine tenths of them lie between; NaN without
    any. `fractions` are valid ones that are no whole numbers.
    """

    valid: int
    filled: int
    seen: int
    zero_cells: int
    fractions: int
    low: float
    high: float
    most: tuple[float, float]


@dataclass(frozen=True)
class BlockSample:
    """One block, or a part of it: its level, row and column there, pixels, and its bands."""

    level: int
    row: int
    column: int
    pixels: int
    bands: tuple[BandSample, ...]


@dataclass(frozen=True)
class LevelMatch:
    """How an overview's pixels agree with the finer ones that lie under them, in one band.

    `compared` are those whose surroundings are wholly valid or wholly masked, `unlike` those of
    them that are masked or valid against all of these, or lie far beyond their extremes. Where
    they are valid `alike` is their correlation with the means under them, and `structure` how much
    of it any way of resampling leaves at least; both NaN where there are too few. `shift` is how
    far the means lie apart, in standard deviations of the finer pixels.
    """

    level: int
    band: int
    compared: int
    unlike: int
    alike: float
    least: float
    shift: float


@dataclass(frozen=True)
class AreaSample:
    """What a file has of an area: numbers of its pixels, counted or estimated.

    `pixels` lie in the area, `valid` ones have data in the first band, `twice` those of two passes
    or more; None where no band counts passes. `counted` were decoded one by one: if that is all of
    them, nothing is estimated.
    """

    pixels: float
    valid: float
    twice: float | None
    counted: float


@dataclass(frozen=True)
class RasterSample:
    """What a sample of a file's pixels shows.

    `survey` are all blocks of one level, as fine as is cheap, whose pixels have `survey_factor` ×
    as many under them as they are; empty if no level was cheap. `broken` says in words which blocks
    can't be decoded. `left_out` counts blocks that were to be looked at, too: the bytes or the time
    for it were spent. `area` is what it has of the area that was asked for, if one was and that can
    be told.
    """

    blocks: tuple[BlockSample, ...] = ()
    survey: tuple[BlockSample, ...] = ()
    survey_factor: float = 1.0
    matches: tuple[LevelMatch, ...] = ()
    broken: tuple[str, ...] = ()
    left_out: int = 0
    overviews: int = 0
    area: AreaSample | None = None
