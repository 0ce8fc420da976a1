"""Pydantic's errors as faults, in words that tell a publisher what to change."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from s1ratio.errors import Fault

_TAGS = {"gcs", "drive", "none", "focal_median", "boxcar", "AngleRange"}


def faults_of(error: ValidationError) -> list[Fault]:
    """Return a fault for each thing the model found wrong, in the order of its fields."""
    every = error.errors(include_url=False)
    faults: list[Fault] = []
    for details in every:
        if not _is_wrong_form(details, every):
            faults.extend(_faults(details))
    return _first_of_each_place(faults)


def _is_wrong_form(details: ErrorDetails, every: list[ErrorDetails]) -> bool:
    """Tell whether this speaks of a name where an object was sent, which has faults of its own."""
    return (
        details["type"] == "literal_error"
        and isinstance(details["input"], dict)
        and any(d is not details and d["loc"][:1] == details["loc"][:1] for d in every)
    )


def _faults(details: ErrorDetails) -> list[Fault]:
    path = _path(details["loc"])
    if details["type"] == "faults":
        nested: list[Fault] = details["ctx"]["faults"]
        return [Fault(path + fault.path, fault.code, fault.message) for fault in nested]
    say = _WORDS.get(details["type"])
    words = say(details) if say else details["msg"]
    return [Fault(path, details["type"], words.removeprefix("Value error, "))]


def _path(parts: tuple[int | str, ...]) -> str:
    """Return `destination.prefix` or `orbits[2]`; the tags that pydantic adds for a choice go."""
    path = ""
    for i, part in enumerate(parts):
        if isinstance(part, int):
            path += f"[{part}]"
        elif i == 0:
            path = part
        elif part not in _TAGS and not part.startswith(("literal[", "function-")):
            path += f".{part}"
    return path.removesuffix(".[key]")


def _first_of_each_place(faults: Iterable[Fault]) -> list[Fault]:
    """Drop what a choice between two forms says a second time of the same place."""
    kept: dict[str, Fault] = {}
    out = []
    for fault in faults:
        if fault.path.startswith("aoi") or fault.path not in kept:
            out.append(fault)
        kept.setdefault(fault.path, fault)
    return out


def _unknown(_: ErrorDetails) -> str:
    return "unknown field: remove it, or see `s1ratio schema` for the fields there are"


def _choices(details: ErrorDetails) -> str:
    return f"must be one of {details['ctx']['expected']}, not {_shown(details['input'])}"


def _tag(details: ErrorDetails) -> str:
    context = details["ctx"]
    return f"`{context['discriminator'].strip(chr(39))}` must be one of {context['expected_tags']}"


def _no_tag(details: ErrorDetails) -> str:
    return f"needs {details['ctx']['discriminator']}, which says what it is"


def _pattern(details: ErrorDetails) -> str:
    return f"{_shown(details['input'])} must match {details['ctx']['pattern']}"


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


_WORDS: dict[str, Callable[[ErrorDetails], str]] = {
    "extra_forbidden": _unknown,
    "missing": lambda _: "is required",
    "literal_error": _choices,
    "enum": _choices,
    "union_tag_invalid": _tag,
    "union_tag_not_found": _no_tag,
    "string_pattern_mismatch": _pattern,
}
