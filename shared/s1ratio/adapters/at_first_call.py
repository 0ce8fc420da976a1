"""Ports that are made when something is first asked of them, or never: who asks not pays not."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

PortT = TypeVar("PortT")


class _AtFirstCall:
    def __init__(self, make: Callable[[], Any]) -> None:
        self._make, self._made = make, None

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = self._make()
        return getattr(self._made, name)


def made_at_first_call(make: Callable[[], PortT]) -> PortT:
    """Return a port that `make` makes when it is first used."""
    return cast(PortT, _AtFirstCall(make))


def never_made() -> Any:
    """Return what stands for a port that is asked nothing; to use it is a RuntimeError."""
    return _AtFirstCall(_refuse)


def _refuse() -> Any:
    raise RuntimeError("nothing is asked of this port here")
