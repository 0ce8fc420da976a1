"""Text of others as the command prints it: a terminal obeys some of what it is sent."""

import argparse
import logging
import sys
import traceback
from types import TracebackType
from typing import Final, NoReturn
from unicodedata import category

# Letters and marks by their category, and nothing to see (Unicode's Default_Ignorable_Code_Point),
# in which more may be hidden. The two selectors that emoji have are left out.
_INVISIBLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
) | set(map(chr, [*range(0xFE00, 0xFE0E), *range(0xE0100, 0xE01F0)]))


def plain(value: object) -> str:
    """Return a value's text in one line in which no character acts on a terminal.

    Controls, ends of lines, what turns text around or is invisible, lone surrogates and characters
    that Unicode does not know become escapes; letters, signs and spaces stay.
    """
    return "".join(one if _is_harmless(one) else _escaped(one) for one in str(value))


class Parser(argparse.ArgumentParser):
    """A parser whose complaints about arguments, which may be names of files, are plain."""

    def error(self, message: str) -> NoReturn:
        """Print usage and what is wrong to stderr, and exit with status 2."""
        super().error(plain(message))


def prepare_log() -> None:
    """Show what loggers warn of that nobody set up, such as a request's path, as plain lines.

    So are exceptions that nobody caught.
    """
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_PlainFormatter())
    sys.excepthook = _print_traceback


def _print_traceback(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    for line in "".join(traceback.format_exception(kind, error, trace)).rstrip("\n").split("\n"):
        sys.stderr.write(f"{plain(line)}\n")


class _PlainFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Return the record's lines, each without what a terminal would obey."""
        return "\n".join(map(plain, super().format(record).split("\n")))


def _is_harmless(character: str) -> bool:
    """Tell whether a character is one to read, or a space such as Japanese has."""
    seen = character.isprintable() or category(character) == "Zs"
    return seen and character not in _INVISIBLE


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
