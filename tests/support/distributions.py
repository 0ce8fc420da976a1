"""Distributions and what they need, read from what is installed: nobody is asked."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import requires

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def normal(name: str) -> str:
    """Return a distribution's name as it is compared: lower case, with hyphens."""
    return str(canonicalize_name(name))


def needed(*asked: str, ours: Mapping[str, Iterable[str]] | None = None) -> set[str]:
    """Return the names of all that requirements such as `s1ratio[cli]` install, themselves too.

    Markers are those of this Python on this machine. `ours` has the requirements of distributions
    that are not installed, or not as they are meant, by their normal names.
    """
    found: set[str] = set()
    seen: set[tuple[str, str]] = set()
    todo = [Requirement(text) for text in asked]
    while todo:
        one = todo.pop()
        name = normal(one.name)
        found.add(name)
        for extra in {"", *one.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                lines = ours[name] if ours and name in ours else _requires(name)
                todo += [each for each in map(Requirement, lines) if _asked_for(each, extra)]
    return found


def _asked_for(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


@cache
def _requires(name: str) -> tuple[str, ...]:
    return tuple(requires(name) or ())
