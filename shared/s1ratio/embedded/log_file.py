"""The log of a local run: a file beside its state."""

import contextlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from s1ratio.adapters.logs import JsonFormatter


class _LogFile(logging.FileHandler):
    """A log that a full disk ends in silence: whatever else is written says so."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, if it can be written."""
        with contextlib.suppress(OSError):
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base's name
        """Pass over a line that could not be written."""

    def close(self) -> None:
        """Close the file; what it could not take is lost."""
        with contextlib.suppress(OSError):
            super().close()


@contextmanager
def log_to(path: Path) -> Iterator[None]:
    """Keep both packages' log lines in a file: the terminal belongs to the progress bar."""
    loggers = [logging.getLogger(name) for name in ("s1ratio", "local_earthengine", "rasterio")]
    with contextlib.closing(_LogFile(path)) as handler:
        handler.setFormatter(JsonFormatter())
        for logger in loggers:
            logger.addHandler(handler)
            logger.setLevel(logging.INFO)
            logger.propagate = False
        try:
            yield
        finally:
            for logger in loggers:
                logger.removeHandler(handler)
                logger.setLevel(logging.NOTSET)
                logger.propagate = True
