"""Distributions of the tests' environment, linked into another one: nothing is copied or asked."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.metadata import distribution, distributions
from pathlib import Path


def link(names: Iterable[str], site: Path) -> None:
    """Link distributions, by their normal names, into a `site-packages` folder."""
    for name in names:
        for part in _parts(name):
            place = site / part
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.is_symlink():
                place.symlink_to(str(distribution(name).locate_file(part)))


@cache
def _parts(name: str) -> set[str]:
    """Return a distribution's folders, and its files where a folder is shared, as `google` is."""
    paths = [path for path in distribution(name).files or () if ".." not in path.parts]
    return {path.as_posix() if path.parts[0] in _shared() else path.parts[0] for path in paths}


@cache
def _shared() -> set[str]:
    every = (one.files or () for one in distributions())
    owners = Counter(folder for files in every for folder in {path.parts[0] for path in files})
    return {folder for folder, count in owners.items() if count > 1}
