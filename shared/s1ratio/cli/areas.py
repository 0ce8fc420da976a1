"""AOI, the argument: words, a file, or standard input; each may be read as often as is needed."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from s1ratio.cli.terminal import print_error

if TYPE_CHECKING:
    from s1ratio.sources import SourceFeature

_STDIN = "standard input"
# Read here, without GDAL: everybody has them.
_GEOJSON = frozenset({".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl"})
_ENOUGH = 2_000  # of a text, to tell what it is


class Areas:
    """The areas that an argument names. `read` them as often as is needed; close when done."""

    def __init__(self, words: str, layer: str | None) -> None:
        self._words, self._layer = words, layer
        self._told: set[str] = set()
        self._shown: set[str] = set()
        self._kept: TextIO | None = None

    def close(self) -> None:
        """Let go of what was kept of standard input."""
        if self._kept is not None:
            self._kept.close()

    def read(self) -> Iterator[SourceFeature]:
        """Yield the areas; say on stderr, once, if they were in another crs.

        Raises InvalidRequest in one line: what is wrong, where, and what to do.
        """
        for feature in self._features():
            self._tell()
            yield feature

    def _features(self) -> Iterator[SourceFeature]:
        from s1ratio.sources.features import read_features
        from s1ratio.sources.text import is_text

        if self._words == "-":
            yield from self._of_stream(self._standard_input(), _STDIN)
            return
        path = Path(self._words)
        if is_text(self._words) and not path.is_file():
            yield self._of_text(self._words, "AOI")
        elif path.suffix.lower() in _GEOJSON:
            with self._opened(path) as file:
                yield from read_features(file, self._words, self._told)
        elif path.suffix.lower() in {".wkt", ".txt"}:
            with self._opened(path) as file:
                yield from self._of_stream(file, self._words)
        else:
            yield from self._of_vector_file(path)

    def _opened(self, path: Path) -> TextIO:
        from s1ratio.file_faults import describe
        from s1ratio.sources import unreadable

        try:
            return path.open(encoding="utf-8-sig")
        except OSError as error:
            words = f"{describe(error)}: give a file, a box, a point or WKT"
            raise unreadable("AOI", words) from error

    def _of_stream(self, file: TextIO, name: str) -> Iterator[SourceFeature]:
        from s1ratio.sources.features import read_features
        from s1ratio.sources.text import is_text

        start = file.read(_ENOUGH).strip()
        if start[:1] in {"{", "\x1e"} or not is_text(start):
            file.seek(0)
            yield from read_features(file, name, self._told)
        else:
            file.seek(0)
            yield self._of_text(file.read().strip(), name)

    def _of_text(self, words: str, where: str) -> SourceFeature:
        from s1ratio.sources.text import read_text

        feature, told = read_text(words, where)
        if told:
            self._told.add(told)
        return feature

    def _of_vector_file(self, path: Path) -> Iterator[SourceFeature]:
        from s1ratio.sources import unreadable

        if not path.exists():
            words = f"{self._words[:200]} is no file, and no area in words: "
            words += "give a file, W,S,E,N, LON,LAT,KM, or WKT"
            raise unreadable("AOI", words)
        from s1ratio.adapters.vector_files import read_vector_file

        yield from read_vector_file(path, self._layer, self._told)

    def _standard_input(self) -> TextIO:
        """Return what stands on standard input from its start; it is kept in a file."""
        if self._kept is None:
            # Closed by `close`; the text outlives this call.
            self._kept = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
            shutil.copyfileobj(sys.stdin, self._kept)
        self._kept.seek(0)
        return self._kept

    def _tell(self) -> None:
        for words in sorted(self._told - self._shown):
            print_error(f"{_STDIN if self._words == '-' else self._words}: {words}")
        self._shown |= self._told
