"""Ports that break at a chosen call: a process that dies there, or a service that fails."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

T = TypeVar("T")
# What ports answer without a call: nothing breaks there.
LOCAL = frozenset({"digest_graph"})
# The calls of the ports that change something.
EFFECTS = frozenset(
    {
        "cancel",
        "commit_regions",
        "create_accepted",
        "create_command",
        "create_request",
        "create_tasks",
        "give_back",
        "identify",
        "mark_sent",
        "publish",
        "put",
        "save_definition",
        "save_definitions",
        "publish_keyed",
        "save_incident",
        "save_watch",
        "set_time_mark",
        "start",
        "take_lease",
        "transition",
        "update_alert",
        "update_command",
        "update_request",
    }
)


class Crashed(BaseException):
    """The process is gone: nothing of the product may catch it."""


class Wire(Protocol):
    """What carries calls to a port."""

    def call(self, name: str, method: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Make a call, or break."""


class Breaker:
    """Counts calls and raises at the `at`-th (from 1), before or after it took effect.

    With `at` 0 it only counts. `log` names the calls. Who has crashed makes no call any more, not
    even on the way out; any other error comes once.
    """

    def __init__(self, at: int = 0, after: bool = False, error: type[BaseException] = Crashed):
        self.at, self.after, self.error = at, after, error
        self.log: list[str] = []

    def effects(self) -> list[tuple[int, bool]]:
        """Return (at, after) of every point to break at that makes a difference.

        Dying before or after a call that only asks is dying after the one before it.
        """
        changes = [at for at, name in enumerate(self.log, 1) if name in EFFECTS]
        return [(at, after) for at in changes for after in (False, True)]

    def call(self, name: str, method: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Make a call, or break."""
        self.log.append(name)
        here = len(self.log) == self.at
        if here and not self.after:
            raise self.error(f"before {name}")
        answer = method(*args, **named)
        if here:
            raise self.error(f"after {name}")
        return answer


def broken(port: T, breaker: Wire) -> T:
    """Return a port whose calls all go through a breaker."""
    return cast("T", _Broken(port, breaker))


class _Broken:
    def __init__(self, port: Any, breaker: Wire) -> None:
        self._port, self._breaker = port, breaker

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._port, name)
        if not callable(value) or name in LOCAL:
            return value
        return lambda *args, **named: self._breaker.call(name, value, *args, **named)
