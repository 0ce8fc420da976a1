"""What the command prints: text of others is made harmless here, and nowhere else is printed.

Labels, keys, names of files and errors are written by somebody else. A terminal obeys some of
what it is sent: it moves the cursor, sets its title, opens links, turns text around. Whatever is no
plain character is therefore printed as Python writes it in a string, one line a call. For tables
and colours see `s1ratio.cli.screen`, which goes through `plain` as well.
"""

import argparse
import codecs
import io
import json
import logging
import os
import sys
from types import TracebackType
from typing import Any, Final, NoReturn, TextIO
from unicodedata import category

from s1ratio.cli.streams import stand_in_for_errors, stand_in_for_output

# Letters and marks by their category, and nothing to see (Unicode's Default_Ignorable_Code_Point),
# in which more may be hidden. The two selectors that emoji have are left out.
_INVISIBLE: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
) | set(map(chr, [*range(0xFE00, 0xFE0E), *range(0xE0100, 0xE01F0)]))
# How what we print ourselves is spelt where a terminal has ASCII alone; the rest are escapes.
_SPELT: Final = {
    "\u00d7": "x",
    "\u00b2": "2",
    "\u00b3": "3",
    "\u00b0": " deg",
    "\u2212": "-",
    "\u2013": "-",
    "\u2026": "...",
    "\u2192": "->",
}
_SPELLING: Final = "s1ratio.spelling"


def plain(value: object) -> str:
    """Return a value's text in one line in which no character acts on a terminal.

    Controls, ends of lines, what turns text around or is invisible, lone surrogates and characters
    that Unicode does not know become escapes; letters, signs and spaces stay.
    """
    return "".join(one if _is_harmless(one) else _escaped(one) for one in str(value))


def counted(number: int, thing: str, several: str | None = None) -> str:
    """Return a number and what is counted, such as `1 region` or `2 regions`."""
    return f"{number} {thing if number == 1 else several or f'{thing}s'}"


def print_line(words: object) -> None:
    """Print one line to stdout."""
    _print(words, sys.stdout)


def print_error(words: object) -> None:
    """Print one line to stderr."""
    _print(words, sys.stderr)


def print_json(document: Any, indent: int | None = 2) -> None:
    """Print a document to stdout, exact: whatever is not plain ASCII is one of JSON's escapes."""
    # Of the controls DEL alone is left as it is, inside of strings.
    print(json.dumps(document, indent=indent).replace("\x7f", "\\u007f"))


def ask(question: str) -> bool:
    """Ask whoever is at the terminal; where nobody is, nobody agrees."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    print_line(f"{question} (yes/no)")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


class Parser(argparse.ArgumentParser):
    """A parser whose complaints about arguments, which may be names of files, are plain."""

    def error(self, message: str) -> NoReturn:
        """Print usage and what is wrong to stderr, and exit with status 2."""
        super().error(plain(message))

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help or a complaint; the base's passes over what can't be written."""
        if message:
            print(message, file=sys.stderr if file is None else file, end="")


class JsonParser(Parser):
    """The same for who asked for JSON: the complaint is told so as well."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong as JSON to stdout, then as above."""
        print_json({"error": message, "advice": None, "faults": [], "exit_status": 2})
        super().error(message)


def prepare_streams() -> None:
    """Let stdout and stderr take any text, and show what nobody caught or set up in plain lines.

    That are exceptions, and warnings of loggers. A terminal that has not all of Unicode shows
    another spelling or an escape where printing would raise.
    """
    sys.stdout = stand_in_for_output(sys.stdout)
    sys.stderr = stand_in_for_errors(sys.stderr)
    codecs.register_error(_SPELLING, _spell)
    encoding = "ascii" if _is_ascii_locale() else None
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=_SPELLING)
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_PlainFormatter())
    sys.excepthook = print_traceback


def flush_output() -> None:
    """Bring what was printed to its end; raise OSError, by the stream's name, if it can't be.

    What could not be written is dropped then, or Python would try once more as it ends.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise OSError(error.errno, error.strerror, "standard output") from error


def _is_ascii_locale() -> bool:
    """Tell whether the locale is that of plain C, where Python would print UTF-8 all the same.

    Unless the encoding is asked for by Python's own variables.
    """
    if os.environ.get("PYTHONIOENCODING") or os.environ.get("PYTHONUTF8"):
        return False
    named = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or ""
    return named in {"C", "POSIX"}


def _spell(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what stands for characters that an encoding lacks, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_SPELT.get(one) or _escaped(one) for one in lacking), error.end


def print_traceback(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Print an exception that nobody expected to stderr: its message may be somebody else's."""
    import traceback

    for line in "".join(traceback.format_exception(kind, error, trace)).rstrip("\n").split("\n"):
        print_error(line)


class _PlainFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """Return the record's lines, each without what a terminal would obey."""
        return "\n".join(map(plain, super().format(record).split("\n")))


def _print(words: object, stream: TextIO) -> None:
    print(plain(words), file=stream)


def _is_harmless(character: str) -> bool:
    """Tell whether a character is one to read, or a space such as Japanese has."""
    seen = character.isprintable() or category(character) == "Zs"
    return seen and character not in _INVISIBLE


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
