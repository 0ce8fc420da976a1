"""Text of others as the command prints it: a terminal obeys some of what it is sent."""

import argparse
import logging
from typing import NoReturn
from unicodedata import category


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
    """Show what loggers warn of that nobody set up, such as a request's path, as plain lines."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(_PlainFormatter())


class _PlainFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(plain, super().format(record).split("\n")))


def _is_harmless(character: str) -> bool:
    """Tell whether a character is one to read, or a space such as Japanese has."""
    return character.isprintable() or category(character) == "Zs"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
