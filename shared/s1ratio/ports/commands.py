"""The part of the store that keeps commands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from s1ratio.commands.records import CommandRecord
from s1ratio.records import Event


class CommandStore(Protocol):
    """The part of a Store that keeps commands; it raises what the others do."""

    def create_command(
        self, record: CommandRecord, events: Sequence[Event] = ()
    ) -> tuple[CommandRecord, bool]:
        """Store a new command with its outgoing events; return it, or the one that is known.

        And whether it is new.
        """

    def get_command(self, command_id: str) -> CommandRecord | None:
        """Return a command, or None."""

    def update_command(
        self, record: CommandRecord, expected: Any, events: Sequence[Event] = ()
    ) -> CommandRecord:
        """Compare-and-set a command together with its outgoing events; return it as stored."""

    def find_commands(self, limit: int, since: datetime | None = None) -> Sequence[CommandRecord]:
        """Return commands, received at `since` or later, newest first."""

    def find_commands_of(self, kind: str, target_id: str, limit: int) -> Sequence[CommandRecord]:
        """Return the commands that were aimed at a target, such as a `region`, newest first."""
