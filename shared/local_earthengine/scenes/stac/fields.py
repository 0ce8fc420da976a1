"""The JSON of a STAC catalogue, taken field by field: every fault names the file and the field."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from local_earthengine.scenes.stac.foreign_files import RefusedFile, find_raster

_MOST_TOLD: Final = 100


class StacError(ValueError):
    """What cannot be used of a STAC catalogue: each of `faults` names a folder, file or field."""

    def __init__(self, *faults: str) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        others = len(self.faults) - _MOST_TOLD
        more = [f"and {others} faults more"] if others > 0 else []
        super().__init__("\n".join([*self.faults[:_MOST_TOLD], *more]))


def gather(**reads: Callable[[], Any]) -> dict[str, Any]:
    """Return what each gives under its name; raise one StacError with the faults of all."""
    found: dict[str, Any] = {}
    faults: list[str] = []
    for name, read in reads.items():
        try:
            found[name] = read()
        except StacError as fault:
            faults.extend(fault.faults)
    if faults:
        raise StacError(*faults)
    return found


class Fields:
    """The fields of a JSON object, each checked as it is taken; `at` is where the object is.

    Its files lie in `folder`, else beside it.
    """

    def __init__(
        self, path: Path, values: object, at: str = "", folder: Path | None = None
    ) -> None:
        self._path, self._at, self._folder = path, at, folder or path.parent
        if not isinstance(values, dict):
            raise StacError(f"{path}: {at or 'document'}: is no JSON object")
        self._values: dict[str, Any] = values

    @property
    def path(self) -> Path:
        """The file that they stand in."""
        return self._path

    def fault(self, name: str, problem: str) -> StacError:
        """Return an error that names the file and the field."""
        return StacError(f"{self._path}: {self._at}{name}: {problem}")

    def get(self, name: str, default: object = None) -> Any:
        """Return a field as it is, or a default."""
        return self._values.get(name, default)

    def says(self, name: str) -> bool:
        """Tell whether a field is there and not null."""
        return self.get(name) is not None

    def need(self, name: str) -> Any:
        """Return a field that must be there."""
        if self._values.get(name) is None:
            raise self.fault(name, "is missing")
        return self._values[name]

    def inner(self, name: str) -> Fields:
        """Return an object inside this one."""
        return self._with(self.need(name), f"{self._at}{name}.")

    def objects(self, name: str) -> list[Fields]:
        """Return a list of objects; an empty one where the field is missing."""
        value = self.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.fault(name, f"must be a list, is {value!r}")
        return [self._with(one, f"{self._at}{name}[{i}].") for i, one in enumerate(value)]

    def names(self) -> list[str]:
        """Return the names of the fields."""
        return list(self._values)

    def text(self, name: str) -> str:
        """Return a text that is not empty."""
        value = self.need(name)
        if not isinstance(value, str) or not value:
            raise self.fault(name, f"must be a text, is {value!r}")
        return value

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        """Return a text out of a few, however it is capitalised."""
        value = self.text(name)
        known = {one.lower(): one for one in allowed}
        if value.lower() not in known:
            raise self.fault(name, f"must be one of {', '.join(allowed)}, is {value!r}")
        return known[value.lower()]

    def integer(self, name: str, least: int, most: int) -> int:
        """Return a whole number between two bounds, both included."""
        value = self.need(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.fault(name, f"must be a whole number from {least} to {most}, is {value!r}")
        return value

    def optional_integer(self, name: str, least: int, most: int) -> int | None:
        """Return a whole number between two bounds, or None where the field is missing."""
        return None if self.get(name) is None else self.integer(name, least, most)

    def optional_number(self, name: str) -> float | None:
        """Return a number, or one of the texts nan, inf and -inf.

        It is none where the field is missing.
        """
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self._float(name, value)
        if value in ("nan", "inf", "-inf"):
            return float(value)
        raise self.fault(name, f"must be a number, nan, inf or -inf, is {value!r}")

    def numbers(self, name: str, *lengths: int) -> list[float]:
        """Return a list of so many finite numbers."""
        value = self.need(name)
        if not isinstance(value, list) or len(value) not in lengths:
            wanted = " or ".join(map(str, lengths))
            raise self.fault(name, f"must be a list of {wanted} numbers, is {value!r}")
        if any(isinstance(one, bool) or not isinstance(one, int | float) for one in value):
            raise self.fault(name, f"must hold numbers alone, is {value!r}")
        found = [self._float(name, one) for one in value]
        if not all(map(math.isfinite, found)):
            raise self.fault(name, f"must hold finite numbers alone, is {value!r}")
        return found

    def _float(self, name: str, value: float) -> float:
        try:
            return float(value)
        except OverflowError:  # JSON's whole numbers have no end
            raise self.fault(name, "is too large a number") from None

    def beside(self, other: Fields) -> Fields:
        """Return these fields, with another object's where a field is missing here."""
        return self._with({**other._values, **self._values}, self._at)

    def completed(self, values: Mapping[str, Any]) -> Fields:
        """Return these fields, with others where a field is missing here."""
        return self._with({**values, **self._values}, self._at)

    def _with(self, values: object, at: str) -> Fields:
        return Fields(self._path, values, at, self._folder)

    def file(self, name: str) -> Path:
        """Return the whole path of a raster in the folder, named relative to the item's file."""
        try:
            return find_raster(self.text(name), self._path.parent, self._folder)
        except RefusedFile as why:
            raise self.fault(name, str(why)) from why


def parse(path: Path) -> object:
    """Return the JSON of a file. Raise StacError."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as fault:
        raise StacError(f"{path}: document: cannot be read as JSON: {fault}") from fault
