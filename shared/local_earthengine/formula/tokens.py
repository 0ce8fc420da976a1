"""Formulas as text, cut into numbers, names, texts and symbols."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from local_earthengine.errors import EarthEngineError

NUMBER: Final = "number"
NAME: Final = "name"
TEXT: Final = "text"
SYMBOL: Final = "symbol"
END: Final = "end"

# What a formula may be long: parsing is recursive by its parentheses.
_MAX_CHARACTERS: Final = 100_000

_PATTERN: Final = re.compile(
    r"""\s*(?:
      (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<text>'[^']*'|"[^"]*")
    | (?P<symbol>\*\*|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>=!~&|^?:(),.\[\]])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """A piece of a formula; a text without its quotes; `place` counts characters from 0."""

    kind: str
    text: str
    place: int


def tokens(formula: str) -> list[Token]:
    """Return the pieces in order, the last of kind END; raise EarthEngineError for what is none."""
    if len(formula) > _MAX_CHARACTERS:
        raise EarthEngineError("The expression is too long.")
    found: list[Token] = []
    place = 0
    while not found or found[-1].kind != END:
        match = _PATTERN.match(formula, place)
        if match is None or match.lastgroup is None:
            rest = formula[place:].strip()
            raise EarthEngineError(
                f"Error parsing expression '{formula[:200]}': unexpected '{rest[:1]}'."
            )
        text = match.group(match.lastgroup)
        kind = match.lastgroup
        found.append(Token(kind, text[1:-1] if kind == TEXT else text, match.start(kind)))
        place = match.end()
    return found
