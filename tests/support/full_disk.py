"""A full disk, for one process: the system writes no file beyond a size, and says so by an error.

It is a real limit (RLIMIT_FSIZE, which Python turns into an OSError), not a stand-in for one: what
C libraries write fails as well, in the middle of a block if need be. It needs no rights.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes until the context ends."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
