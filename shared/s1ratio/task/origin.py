"""What made a task's files: which software, of which graph, for whose request."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from s1ratio.commands.marks import marked

MAX_MAKERS = 8


@dataclass(frozen=True)
class Maker:
    """What made a file, or may have: the `software`, the digests of its `graph` and `request`.

    `software` is as it describes itself; `graph` is 40 hex of the expression that was POSTed,
    `request` the digest of the message that asked for it. All None: an earlier version, which kept
    no record.
    """

    software: str | None = None
    graph: str | None = None
    request: str | None = None


@dataclass(frozen=True)
class Origin:
    """Where a task comes from: `request_digest` is of its message, None in earlier versions' tasks.

    Each of its files was made by one of `made_by`. Before there are files it is who POSTed the
    attempt; several, if the fate of a POST is unknown and another software made the next one. It is
    empty where nothing was POSTed, or an earlier version did all. `labels` are the message's;
    `commands` are the last commands that planned it anew or cancelled it, or what it is a part of.
    """

    request_digest: str | None = None
    made_by: tuple[Maker, ...] = ()
    labels: dict[str, str] = field(default_factory=dict, hash=False)
    commands: tuple[str, ...] = ()

    def marked(self, command: str | None) -> "Origin":
        """Return it with the mark of a command, by its id; None: as it is."""
        return replace(self, commands=marked(self.commands, command))

    def unmade(self) -> "Origin":
        """Return it for an attempt that nobody has POSTed."""
        return replace(self, made_by=())

    def by(self, *makers: Maker) -> "Origin":
        """Return it with these makers alone."""
        return replace(self, made_by=_bounded(makers))

    def also_by(self, maker: Maker) -> "Origin":
        """Return it with one maker more, after those whose POST may have been taken."""
        return self.by(*(self.made_by or (Maker(),)), maker)

    def of_parts(self, parts: Iterable["Origin"]) -> "Origin":
        """Return it with the makers of all parts."""
        return self.by(*(maker for part in parts for maker in part.made_by))


def _bounded(makers: Sequence[Maker]) -> tuple[Maker, ...]:
    """Return each maker once, the last last; of very many the first ones as unknown."""
    each = tuple(reversed(dict.fromkeys(reversed(makers))))
    return each if len(each) <= MAX_MAKERS else (Maker(), *each[1 - MAX_MAKERS :])
