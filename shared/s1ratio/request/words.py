"""Pydantic's errors as faults, in words that tell a publisher what to change."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from s1ratio.faults import Fault

_TAGS = {"gcs", "drive", "none", "focal_median", "boxcar", "AngleRange"}


def faults_of(error: ValidationError, schema: str = "s1ratio schema") -> list[Fault]:
    """Return a fault for each thing the model found wrong, in the order of its fields.

    `schema` is the command that prints which fields there are.
    """
    every = error.errors(include_url=False)
    faults: list[Fault] = []
    for details in every:
        if not _is_wrong_form(details, every):
            faults.extend(_faults(details, schema))
    return _first_of_each_place(faults)


def _is_wrong_form(details: ErrorDetails, every: list[ErrorDetails]) -> bool:
    """Tell whether this says nothing new: of a list that its items' faults made short, or of a
    name where an object was sent, which has faults of its own.
    """
    where = details["loc"]
    if details["type"] == "literal_error":
        return isinstance(details["input"], dict) and str(where[-1]).startswith("literal[")
    within = (d for d in every if d["loc"][: len(where)] == where and d is not details)
    return details["type"] == "too_short" and any(within)


def _faults(details: ErrorDetails, schema: str) -> list[Fault]:
    path = _path(details["loc"])
    if details["type"] == "faults":
        nested: list[Fault] = details["ctx"]["faults"]
        return [Fault(path + fault.path, fault.code, fault.message) for fault in nested]
    if details["type"] == "extra_forbidden":
        words = f"unknown field: remove it, or see `{schema}` for the fields there are"
        return [Fault(path, details["type"], words)]
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
            path = _cut(part)
        elif part not in _TAGS and not part.startswith(("literal[", "function-")):
            path += f".{_cut(part)}"
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
    return _cut(repr(value))


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _saying(words: str) -> Callable[[ErrorDetails], str]:
    return lambda details: words.format(**details.get("ctx", {}))


def _not_json(details: ErrorDetails) -> str:
    # The place it names is one in our copy, not in the message as sent.
    return f"not valid JSON: {details['ctx']['error'].partition(' at line')[0]}"


_WORDS: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": _saying("is required"),
    "literal_error": _choices,
    "enum": _choices,
    "union_tag_invalid": _tag,
    "union_tag_not_found": _no_tag,
    "string_pattern_mismatch": _pattern,
    "json_invalid": _not_json,
    "int_type": _saying("must be a whole number"),
    "int_parsing_size": _saying("is too large a number"),
    "float_type": _saying("must be a number"),
    "finite_number": _saying("is too large a number"),
    "bool_type": _saying("must be true or false"),
    "string_type": _saying("must be a string"),
    "tuple_type": _saying("must be a list"),
    "dict_type": _saying("must be an object"),
    "model_type": _saying("must be an object"),
    "model_attributes_type": _saying("must be an object"),
    "greater_than": _saying("must be greater than {gt:g}"),
    "greater_than_equal": _saying("must be at least {ge:g}"),
    "less_than_equal": _saying("must be at most {le:g}"),
    "string_too_short": _saying("must have at least {min_length} character"),
    "string_too_long": _saying("must have at most {max_length} characters"),
    "too_short": _saying("must have at least {min_length} item"),
    "too_long": _saying("must have at most {max_length} items"),
}
