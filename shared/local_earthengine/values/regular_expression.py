"""Regular expressions as Earth Engine reads them, which is as Java does, for Python's `re`.

What its official samples use beyond Java, classes such as `[[:space:]]`, is there too.

Unsettled: which of Java's and RE2's expressions are taken. Those of both are, and classes mean
ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from local_earthengine.errors import EarthEngineError

# Classes by their name in `[[:name:]]` and, with a capital, in `\p{Name}`.
_CLASSES: Final[Mapping[str, str]] = {
    "alnum": "A-Za-z0-9", "alpha": "A-Za-z", "ascii": r"\x00-\x7f", "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f", "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~",
    "punct": r"!-/:-@\[-`{-~", "space": r" \t\n\r\f\v", "upper": "A-Z", "word": "A-Za-z0-9_",
    "xdigit": "0-9A-Fa-f", "l": "A-Za-z", "lu": "A-Z", "ll": "a-z", "n": "0-9", "nd": "0-9",
}  # fmt: skip
_QUOTED: Final = r"\\Q(?P<quoted>.*?)(?:\\E|\Z)"
_PIECES: Final = re.compile(
    _QUOTED + r"|\\(?P<sign>[pP])\{(?P<property>\w+)\}|(?P<escape>\\.)|\[:(?P<posix>\^?\w+):\]"
    r"|(?P<group>\(\?<(?![=!]))|(?P<bracket>[\[\]])|(?P<twice>&&|\|\||--|~~)|(?P<other>.)",
    re.DOTALL,
)
_ENDS: Final = {r"\z": r"\Z", r"\Z": r"(?=\n?\Z)", r"\h": r"[ \t]"}


def compiled(pattern: str, flags: str) -> re.Pattern[str]:
    """Return Java's expression as Python's; raise EarthEngineError for one that is none."""
    try:
        written = _Translation(pattern).text
        return re.compile(written, re.ASCII | (re.IGNORECASE if "i" in flags else 0))
    except (re.error, OverflowError) as error:
        raise EarthEngineError(f"Invalid regular expression '{pattern}': {error}.") from None


def selects(pattern: str, name: str) -> bool:
    """Tell whether a selector means a name: its own text, or an expression that matches it whole.

    What is no expression selects nothing but its own text.
    """
    try:
        return pattern == name or compiled(pattern, "").fullmatch(name) is not None
    except EarthEngineError:
        return False


class _Translation:
    """One expression on its way from Java's spelling to Python's."""

    def __init__(self, pattern: str) -> None:
        self._within = False  # a class in brackets
        self._opened = False  # such a class, of which nothing stands there yet
        self.text = "".join(self._piece(piece) for piece in _PIECES.finditer(pattern))

    def _piece(self, piece: re.Match[str]) -> str:  # noqa: PLR0911 - one return a kind
        text, opened = piece.group(), self._opened
        self._opened = False
        match piece.lastgroup:
            case "quoted":
                return re.escape(piece["quoted"])
            case "property":
                return self._class(piece["property"].lower(), negated=piece["sign"] == "P")
            case "escape":
                return text if self._within else _ENDS.get(text, text)
            case "posix" if self._within:
                return self._class(piece["posix"].strip("^"), negated="^" in piece["posix"])
            case "group" if not self._within:
                return "(?P<"
            case "bracket":
                return self._bracket(text, opened)
            case "twice" if self._within:
                return "\\" + text[0] + "\\" + text[1]
        self._opened = opened and text == "^"
        return text

    def _bracket(self, text: str, opened: bool) -> str:
        """Return a bracket, which is a character of a class where it neither opens nor ends one."""
        if text == "[" and not self._within:
            self._within = self._opened = True
            return text
        if text == "]" and self._within and not opened:
            self._within = False
            return text
        return "\\" + text

    def _class(self, name: str, negated: bool) -> str:
        found = _CLASSES.get(name)
        if found is None or (negated and self._within):
            raise EarthEngineError(f"The class of characters '{name}' is not supported here.")
        return found if self._within else f"[{'^' if negated else ''}{found}]"


_REFERENCE: Final = re.compile(r"\\(.)|\$(\d+)|\$\{(\w+)\}|([$\\])", re.DOTALL)


def filled(replacement: str, found: re.Match[str]) -> str:
    """Return a replacement with a match's groups; a group that took no part is empty.

    `$1` and `${name}` stand for groups, and a backslash takes the next character as it is. Raise
    EarthEngineError for a group that there is not.
    """

    def piece(reference: re.Match[str]) -> str:
        """Return what a reference stands for."""
        literal, number, name, stray = reference.groups()
        if literal is not None:
            return str(literal)
        if stray is not None:
            raise EarthEngineError(
                f"Invalid replacement '{replacement}': '{stray}' names no group."
            )
        try:
            return _numbered(found, number) if number is not None else found[name] or ""
        except IndexError:
            group = number if number is not None else name
            raise EarthEngineError(f"Invalid replacement: no group {group}.") from None

    return _REFERENCE.sub(piece, replacement)


def _numbered(found: re.Match[str], digits: str) -> str:
    """Return a group by as many of the digits as make the number of one; the rest is text."""
    count = len(found.groups())
    used = 1
    while used < len(digits) and int(digits[: used + 1]) <= count:
        used += 1
    return (found[int(digits[:used])] or "") + digits[used:]
