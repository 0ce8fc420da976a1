"""A deadline for a call as a whole.

The timeouts of HTTP clients begin anew with every byte: a server that drips keeps them for hours.
Nor do they cover what comes before a request, such as a token that must be renewed.
"""

import contextvars
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


def within(seconds: float, call: Callable[[], T]) -> T:
    """Return what a call returns or raise what it raises; after `seconds` raise TimeoutError.

    The call is not stopped then, only left alone: it must have timeouts of its own, so that it
    ends some day, and what it does late must do no harm.
    """
    work = _Work(call)
    # What log lines say of whom this is for goes with it.
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(work.run,), daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise TimeoutError(f"no answer in time, within {seconds:g} s")
    return work.result()


class _Work(Generic[T]):
    """A call that is made in one thread, and its outcome, asked for in another."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self._done: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Make the call, and keep what it returns or raises."""
        try:
            self._done.append(self._call())
        except BaseException as error:  # it is raised where it is asked for
            self._error = error

    def result(self) -> T:
        """Return what the call returned, or raise what it raised."""
        if self._error is not None:
            raise self._error
        return self._done[0]
