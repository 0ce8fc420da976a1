"""What a kind of log line is, and how one is written: `tell`, within `about`."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class LogEvent:
    """One kind of line: its name, severity, words (a format string), and fields by meaning."""

    name: str
    level: int
    words: str
    fields: Mapping[str, str]


class _Said(dict[str, Any]):
    """The fields of a line; a log line must not fail for want of one."""

    def __missing__(self, key: str) -> str:
        return "?"


def tell(
    log: logging.Logger, event: LogEvent, error: BaseException | None = None, /, **fields: Any
) -> None:
    """Log one line of an event; fields that are None are left out, an exception adds its stack."""
    said = {name: value for name, value in fields.items() if value is not None}
    words = event.words.format_map(_Said({**subject(), **said}))
    log.log(event.level, "%s", words, extra={"event": event.name, **said}, exc_info=error)


_SUBJECT: ContextVar[Mapping[str, Any]] = ContextVar("subject", default={})  # noqa: B039 - never changed


@contextmanager
def about(**fields: Any) -> Iterator[None]:
    """Let every line within bear these fields, whoever logs it: `request`, `task`, `attempt`."""
    token = _SUBJECT.set({**_SUBJECT.get(), **fields})
    try:
        yield
    finally:
        _SUBJECT.reset(token)


def subject() -> Mapping[str, Any]:
    """Return the fields that `about` has set here."""
    return _SUBJECT.get()
