"""Joins, and their application."""

from __future__ import annotations

from collections.abc import Iterator

from local_earthengine.expression.registry import algorithm
from local_earthengine.values import join as joins
from local_earthengine.values.collection import Collection
from local_earthengine.values.element import Element
from local_earthengine.values.filter import Filter
from local_earthengine.values.join import Join


@algorithm("Join.simple")
def simple() -> Join:
    """Return the join that keeps the elements that have a match."""
    return joins.simple()


@algorithm("Join.inverted")
def inverted() -> Join:
    """Return the join that keeps the elements that have none."""
    return joins.inverted()


@algorithm("Join.inner")
def inner(primary: str, secondary: str, measure: str | None) -> Join:
    """Return the join that gives a feature for each pair, with the measure if that has a name."""
    return joins.inner(primary, secondary, measure)


@algorithm("Join.saveAll")
def save_all(
    key: str, ordering: str | None, ascending: bool, measure: str | None, outer: bool
) -> Join:
    """Return the join that keeps all matches, each with its measure if that has a name."""
    return joins.save(key, ordering, ascending, outer, False, measure)


@algorithm("Join.saveFirst")
def save_first(
    key: str, ordering: str | None, ascending: bool, measure: str | None, outer: bool
) -> Join:
    """Return the join that keeps the first match, with its measure if that has a name."""
    return joins.save(key, ordering, ascending, outer, True, measure)


@algorithm("Join.saveBest")
def save_best(key: str, measure: str, outer: bool) -> Join:
    """Return the join that keeps the match of the least measure."""
    return joins.best(key, measure, outer)


@algorithm("Join.apply")
def apply(join: Join, primary: Collection, secondary: Collection, condition: Filter) -> Collection:
    """Join two collections by a filter of pairs."""

    def source() -> Iterator[Element]:
        """Yield what the join makes of each element on the left."""
        others = list(secondary)
        for left in primary:
            matches = [right for right in others if condition.passes(left, right)]
            measures = [condition.measure(left, right) for right in matches]
            yield from join.matched(left, matches, measures)

    return primary.derived(source)
