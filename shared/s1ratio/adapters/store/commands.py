"""Commands as documents."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from typing_extensions import override

from s1ratio.adapters.store import command_queries as queries
from s1ratio.adapters.store.base import Documents, record_in
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.command_queries import COMMANDS
from s1ratio.adapters.store.database import Create, Replace
from s1ratio.commands.records import CommandRecord
from s1ratio.errors import AlreadyExists
from s1ratio.ports.commands import CommandStore
from s1ratio.records import Event

_COMMAND = Codec(CommandRecord)


class CommandDocuments(Documents, CommandStore):
    """The part of a Store that keeps commands; see there."""

    @override
    def create_command(
        self, record: CommandRecord, events: Sequence[Event] = ()
    ) -> tuple[CommandRecord, bool]:
        document = _COMMAND.document(record)
        for _ in range(2):  # a left over event looks like a command that is known: see `_commit`
            known = self.get_command(record.id)
            if known is not None:
                return known, False
            try:
                version = self._commit(Create(COMMANDS, record.id, document), events)
            except AlreadyExists:
                continue
            return _COMMAND.record(document, version), True
        raise AlreadyExists(f"command {record.id} comes and goes: try once more")

    @override
    def get_command(self, command_id: str) -> CommandRecord | None:
        found = self._database.get(COMMANDS, [command_id])
        return record_in(_COMMAND, COMMANDS, command_id, found)

    @override
    def update_command(
        self, record: CommandRecord, expected: Any, events: Sequence[Event] = ()
    ) -> CommandRecord:
        document = _COMMAND.document(record)
        version = self._commit(Replace(COMMANDS, record.id, document, expected), events)
        return _COMMAND.record(document, version)

    @override
    def find_commands(self, limit: int, since: datetime | None = None) -> Sequence[CommandRecord]:
        return self._readable(_COMMAND, queries.commands(limit, since))

    @override
    def find_commands_of(self, kind: str, target_id: str, limit: int) -> Sequence[CommandRecord]:
        return self._readable(_COMMAND, queries.commands_of(kind, target_id, limit))
