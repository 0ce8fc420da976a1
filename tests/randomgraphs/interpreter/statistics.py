"""Reducers: statistics of weighted pixels, by name."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from tests.randomgraphs.interpreter.numbers import (
    BOOLEAN,
    DOUBLE,
    KINDS,
    UNSURE,
    Kind,
    Number,
    Pixel,
    Unsure,
    stored,
    truth,
)

Weighted = list[tuple[Number, float]]
Statistic = Callable[[Weighted], tuple[float, float] | None]
EMPTY_IS_ZERO: Final = {"count"}


def _spread(known: Weighted) -> float:
    """What the order of a sum may change."""
    return max(n.error for n, _ in known) + 1e-12 * max(abs(n.value) for n, _ in known)


def _sum(known: Weighted) -> tuple[float, float]:
    total = math.fsum(n.value * w for n, w in known)
    return total, math.fsum((n.error + 1e-12 * abs(n.value)) * w for n, w in known)


def _product(known: Weighted) -> tuple[float, float]:
    value = math.prod(n.value for n, _ in known)
    most = math.prod(abs(n.value) + n.error for n, _ in known)
    return value, most - abs(value) + 1e-12 * abs(value)


def _mean(known: Weighted) -> tuple[float, float]:
    weight = math.fsum(w for _, w in known)
    return math.fsum(n.value * w for n, w in known) / weight, _spread(known)


def _variance(known: Weighted) -> tuple[float, float]:
    """Of the population."""
    centre, _ = _mean(known)
    weight = math.fsum(w for _, w in known)
    value = math.fsum((n.value - centre) ** 2 * w for n, w in known) / weight
    reach = max(abs(n.value - centre) for n, _ in known)
    error = max(n.error for n, _ in known)
    most = max(abs(n.value) for n, _ in known)
    return value, 4 * error * (reach + error) + 1e-12 * value + 1e-13 * most**2


def _deviation(known: Weighted) -> tuple[float, float]:
    value, error = _variance(known)
    return math.sqrt(value), math.sqrt(value + error) - math.sqrt(max(value - error, 0.0))


def _median(known: Weighted) -> tuple[float, float]:
    values = sorted(n.value for n, _ in known)
    middle = len(values) // 2
    value = values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
    return value, _spread(known)


def _mode(known: Weighted) -> tuple[float, float] | None:
    """The most frequent; of several the least."""
    if len(known) > 1 and any(n.error for n, _ in known):
        return None
    counts = Counter(n.value for n, _ in known)
    most = max(counts.values())
    return min(value for value, count in counts.items() if count == most), known[0][0].error


def _chosen(choose: Callable[..., float]) -> Statistic:
    return lambda known: (choose(n.value for n, _ in known), max(n.error for n, _ in known))


def _nonzero(combine: Callable[..., bool]) -> Statistic:
    def statistic(known: Weighted) -> tuple[float, float] | None:
        each = [truth(n, lambda value: value != 0) for n, _ in known]
        return None if None in each else (int(combine(each)), 0.0)

    return statistic


STATISTICS: Final[dict[str, tuple[Statistic, Callable[[Kind], Kind]]]] = {
    "count": (lambda known: (len(known), 0.0), lambda _: KINDS["int"]),
    "sum": (_sum, lambda _: DOUBLE),
    "product": (_product, lambda _: DOUBLE),
    "mean": (_mean, lambda kind: kind.floating),
    "variance": (_variance, lambda kind: kind.floating),
    "stdDev": (_deviation, lambda kind: kind.floating),
    "min": (_chosen(min), lambda kind: kind),
    "max": (_chosen(max), lambda kind: kind),
    "median": (_median, lambda kind: kind.floating),
    "mode": (_mode, lambda kind: kind),
    "first": (lambda known: known[0][0], lambda kind: kind),
    "last": (lambda known: known[-1][0], lambda kind: kind),
    "all": (_nonzero(all), lambda _: BOOLEAN),
    "any": (_nonzero(any), lambda _: BOOLEAN),
}
# The reducers whose output bears another name.
REDUCERS: Final = {
    **{name: (name,) for name in STATISTICS if name not in {"all", "any"}},
    "allNonZero": ("all",),
    "anyNonZero": ("any",),
    "minMax": ("min", "max"),
}
_WEIGHTED: Final = {"sum", "mean", "variance", "stdDev"}


def reduced(name: str, pixels: Sequence[Pixel], weights: Sequence[float], kind: Kind) -> Pixel:
    """A statistic of the valid pixels of weight above 0, as a pixel of the output's kind."""
    found = [(p, w) for p, w in zip(pixels, weights, strict=True) if p is not None and w > 0]
    if any(isinstance(pixel, Unsure) for pixel, _ in found):
        return UNSURE
    known = [(p, w if name in _WEIGHTED else 1.0) for p, w in found if isinstance(p, Number)]
    if not known:
        return Number(0) if name in EMPTY_IS_ZERO else None
    result = STATISTICS[name][0](known)
    return UNSURE if result is None else stored(*result, kind)
