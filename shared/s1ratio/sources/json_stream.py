"""JSON text read value by value: no more of it is held than the value at hand."""

import json
from collections.abc import Iterator
from typing import Any, TextIO

_CHUNK = 64 * 1024
# Of one value: a message is no larger either.
MAX_VALUE = 8_000_000
_SPACE = " \t\r\n"
# What a number may go on with: one at the end of what was read may not be whole.
_GOES_ON = "0123456789.eE+-"


class JsonStream:
    """A file of JSON text, read in pieces.

    What is no JSON, or a value that is too long, is a ValueError in words.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._decoder = json.JSONDecoder()
        self._text, self._at, self._ended, self._before = "", 0, False, 0

    def peek(self, skip: str = "") -> str:
        """Return the next character that is no space, nor one of `skip`; "" at the end."""
        while True:
            while self._at < len(self._text):
                one = self._text[self._at]
                if one not in _SPACE and one not in skip:
                    return one
                self._at += 1
            if not self._more():
                return ""

    def expect(self, character: str) -> None:
        """Go past this character; raise ValueError if another one is next."""
        found = self.peek()
        if found != character:
            what = repr(found) if found else "the end"
            raise ValueError(f"{character!r} was expected at character {self._place}, not {what}")
        self._at += 1

    def value(self) -> Any:
        """Return the next value, whatever it is."""
        if not self.peek():
            raise ValueError(f"it ends at character {self._place}, within a value")
        while True:
            try:
                found, end = self._decoder.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise ValueError("it is nested too deeply") from error
            except json.JSONDecodeError as error:
                if not self._more():
                    place = self._before + error.pos
                    raise ValueError(f"{error.msg} at character {place}") from error
                continue
            if end == len(self._text) and self._text[end - 1] in _GOES_ON and self._more():
                continue
            self._at = end
            return found

    def items(self) -> Iterator[Any]:
        """Yield the items of the list that is next, each read when it is asked for."""
        self.expect("[")
        while self.peek() != "]":
            yield self.value()
            if self.peek() != "]":
                self.expect(",")
        self.expect("]")

    @property
    def _place(self) -> int:
        return self._before + self._at

    def _more(self) -> bool:
        """Read on; tell whether there was more. What is behind is let go of."""
        if self._ended:
            return False
        rest = self._text[self._at :]
        if len(rest) > MAX_VALUE:
            words = f"the value at character {self._place} is longer than {MAX_VALUE:,} characters"
            raise ValueError(words)
        # As much again as there is: a long value is looked at a few times, not hundreds.
        try:
            read = self._file.read(max(_CHUNK, len(rest)))
        except UnicodeDecodeError as error:
            raise ValueError(f"it is not UTF-8 text: {error.reason}") from error
        self._before += self._at
        self._text, self._at, self._ended = rest + read, 0, not read
        return bool(read)
