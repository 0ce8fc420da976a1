"""Marks: which commands have changed a record, so that none changes it twice.

A command's mark is committed with what it changes. Whoever is to do it once more, since whoever
did it died before that was told, finds the mark.
"""

import hashlib

MAX_MARKS = 20  # of a record: the last ones
_MAX_NAME = 31  # of a definition


def marked(marks: tuple[str, ...], command: str | None) -> tuple[str, ...]:
    """Return a record's marks with a command's as the last; None, or one that is there, adds none.

    `command` is its id.
    """
    if command is None or command in marks:
        return marks
    return (*marks, command)[-MAX_MARKS:]


def silence_name(command: str) -> str:
    """Return the name of the silence that a command of this id makes: ids may be too long."""
    if len(command) <= _MAX_NAME:
        return command
    return f"c-{hashlib.sha256(command.encode()).hexdigest()[:24]}"


def signature(command: str, by: str) -> str:
    """Return who is kept as having wanted a change: the command, and who says it is theirs."""
    return f"command {command} ({by})" if by else f"command {command}"


def is_signed(text: str, command: str) -> bool:
    """Tell whether a text is the signature of a command of this id."""
    return text.partition(" (")[0] == f"command {command}"
