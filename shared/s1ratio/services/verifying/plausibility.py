"""Plausibility: whether samples of a file's pixels can be what was planned.

Pure: samples in, faults and notes out. A fault is what no composite of the request can be; what
only looks odd is a note. The product's page has the table of both, with the reasons.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from s1ratio.faults import Fault
from s1ratio.ports import BandSample, BlockSample, LevelMatch, RasterFile
from s1ratio.request import Statistic
from s1ratio.services.verifying.limits import BandLimits

_OVERSHOOT = 0.25  # of a band's range: a sharp filter makes overviews overshoot
_STRANGERS = 0.1  # of an overview's pixels: more are no accident
_FEW = 16  # pixels: fewer tell nothing
_MANY = 4096  # pixels that are all the same number
_SHIFTED = 0.5  # standard deviations
_UNEVEN = 0.01  # of a block's pixels
_LARGE = 2048  # px a side: a file of that size should have overviews

Bands = Sequence[BandLimits]


def judge_sample(file: RasterFile, bands: Bands) -> tuple[list[Fault], list[str]]:
    """Return what can't be true of a file's pixels, and what is odd about them."""
    faults = [
        *(Fault(file.name, "unreadable", words) for words in file.sample.broken),
        *_first_of_each_band(file, "values", _value_words(file, bands)),
        *_first_of_each_band(file, "zeros", _zero_words(file, bands)),
        *_first_of_each_band(file, "masks", _mask_words(file, bands)),
        *_first_of_each_band(file, "overviews", _overview_words(file, bands)),
    ]
    return faults, [f"{file.name}: {words}" for words in _notes(file, bands)]


def _first_of_each_band(
    file: RasterFile, code: str, found: Iterable[tuple[str, str]]
) -> Iterator[Fault]:
    """Yield one fault a band: what is wrong is wrong in many blocks."""
    first: dict[str, str] = {}
    for band, words in found:
        first.setdefault(band, words)
    for band, words in first.items():
        yield Fault(file.name, code, f"band {band}: {words}")


def _pixels(file: RasterFile) -> list[BlockSample]:
    return [block for block in file.sample.blocks if block.level == 0]


def _where(block: BlockSample) -> str:
    place = f"block (row {block.row}, column {block.column})"
    return f"{place} of overview {block.level}" if block.level else place


def _each(
    blocks: Iterable[BlockSample], bands: Bands
) -> Iterator[tuple[BlockSample, BandLimits, BandSample]]:
    for block in blocks:
        for band, sample in zip(bands, block.bands, strict=True):
            yield block, band, sample


def _value_words(file: RasterFile, bands: Bands) -> Iterator[tuple[str, str]]:
    """A pixel beyond the limits was not computed as planned; in overviews most of them are."""
    for block, band, sample in _each(file.sample.blocks, bands):
        low, high = (sample.low, sample.high) if block.level == 0 else sample.most
        margin = 0.0 if block.level == 0 else _OVERSHOOT * (band.high - band.low)
        if low < band.low - margin or high > band.high + margin:
            limits = f"{band.low:g} to {band.high:g}"
            yield band.name, f"values from {low:g} to {high:g} in {_where(block)}, not {limits}"
        elif band.is_count and block.level == 0 and sample.fractions:
            words = f"{sample.fractions} counts in {_where(block)} are no whole numbers"
            yield band.name, words


def _zero_words(file: RasterFile, bands: Bands) -> Iterator[tuple[str, str]]:
    """Backscatter is never exactly 0 all over 8 × 8 pixels; nor is its spread over passes."""
    for block, band, sample in _each(file.sample.blocks, bands):
        passes = _counts(block, bands, band)
        spreads = band.statistic is Statistic.STD_DEV and passes is not None and passes.low >= 2
        if sample.zero_cells and (band.is_level or (spreads and block.level == 0)):
            words = f"{sample.zero_cells} squares of 8 × 8 px in {_where(block)} are all exactly 0"
            yield band.name, words


def _counts(block: BlockSample, bands: Bands, of: BandLimits) -> BandSample | None:
    """Return the sample of the band that counts the passes of a product, if there is one."""
    pairs = zip(bands, block.bands, strict=True)
    found = (sample for b, sample in pairs if b.product is of.product and b.is_count)
    return next(found, None)


def _mask_words(file: RasterFile, bands: Bands) -> Iterator[tuple[str, str]]:
    """All statistics of a product are valid where one pass is; only a spread may ask for two."""
    for block in _pixels(file):
        for product in {band.product: None for band in bands}:
            pairs = zip(bands, block.bands, strict=True)
            samples = [(band, sample) for band, sample in pairs if band.product is product]
            full, most = max(samples, key=lambda pair: pair[1].filled)
            least = most.filled - max(_FEW, _UNEVEN * block.pixels)
            for band, sample in samples:
                if sample.filled < least and not _may_lack(block, bands, band):
                    words = f"{sample.filled} px of {_where(block)} have data, {most.filled} px"
                    yield band.name, f"{words} of {full.name}"


def _may_lack(block: BlockSample, bands: Bands, band: BandLimits) -> bool:
    """Tell whether a spread may be masked for want of a second pass: who counts, knows."""
    passes = _counts(block, bands, band)
    return band.statistic is Statistic.STD_DEV and (passes is None or passes.low < 2)


def _overview_words(file: RasterFile, bands: Bands) -> Iterator[tuple[str, str]]:
    """How Earth Engine resamples is not known; that it takes what lies underneath is."""
    ordered = sorted(file.sample.matches, key=lambda match: (match.level, match.band))
    for (level, number), group in groupby(ordered, key=lambda match: (match.level, match.band)):
        matches = [*group]
        if words := _unlike_words(matches):
            yield bands[number].name, f"overview {level} {words}"
    for number, band in enumerate(bands):
        filled = sum(block.bands[number].filled for block in _pixels(file))
        pixels = sum(block.pixels for block in _pixels(file))
        survey = [block.bands[number].filled for block in file.sample.survey]
        if survey and not any(survey) and filled > max(_MANY / 4, pixels / 100):
            yield band.name, f"overview {file.sample.survey[0].level} is empty, its pixels are not"


def _unlike_words(matches: list[LevelMatch]) -> str | None:
    """Return how one band of an overview is at odds with the pixels under it."""
    compared = sum(match.compared for match in matches)
    unlike = sum(match.unlike for match in matches)
    if compared >= _FEW and unlike > _STRANGERS * compared:
        share = f"{unlike} of {compared} px that were compared"
        return f"does not show what lies under it: {share} are masked otherwise or far off"
    if _mean(match.shift for match in matches) > _SHIFTED:
        return "does not show what lies under it: its mean is another one"
    known = [match for match in matches if not math.isnan(match.least)]
    if known and _mean(m.alike for m in known) < _mean(m.least for m in known):
        return "does not show what lies under it: its pixels have another pattern"
    return None


def _mean(values: Iterable[float]) -> float:
    every = [*values]
    return sum(every) / len(every)


def _notes(file: RasterFile, bands: Bands) -> Iterator[str]:
    sample = file.sample
    if sample.left_out:
        words = f"{sample.left_out} blocks of the sample were not looked at"
        yield f"{words}: the bytes or the time for it were spent"
    if sample.blocks and not sample.overviews and max(file.shape) >= _LARGE:
        yield "it has no overviews"
    for number, band in enumerate(bands):
        found = [block.bands[number] for block in _pixels(file) if block.bands[number].valid]
        values = {value for each in found for value in (each.low, each.high)}
        if band.is_level and len(values) == 1 and sum(b.valid for b in found) >= _MANY:
            yield f"band {band.name}: every pixel that was looked at is {values.pop():g}"
