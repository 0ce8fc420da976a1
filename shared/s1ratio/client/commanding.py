"""Commands by the client: each a method, checked here and published to the topic of commands."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict, Unpack

from s1ratio.client.outcomes import Commanded
from s1ratio.client.payload import payload_of
from s1ratio.client.sending import Sender
from s1ratio.commands import Command, message_of, read_command


class Said(TypedDict, total=False):
    """What may be said with every command.

    `by` is who wants it and `reason` why, for others to read; it is not obeyed from `expires_at`
    on, by default a day after it was published. `command_id` is its id, by default a new one: give
    one of your own to send the same command again, from another process say.
    """

    by: str
    reason: str
    expires_at: datetime
    command_id: str


class Commanding:
    """The commands of a client. Each is done once, however often its message is delivered.

    All raise InvalidRequest with every fault, before anything is sent; PubSubError where Pub/Sub
    refuses; PubSubUnavailable where it did not answer, again and again. What comes of a command is
    its record's to tell: that it was published says only that it will be read. A topic proves no
    author: the deployment obeys whoever may publish there, and keeps `by` as it was said.
    """

    _commands: Sender

    @property
    def commands_topic(self) -> str:
        """The topic that commands are published to."""
        return self._commands.topic

    def publish_command(self, command: Command | Mapping[str, Any]) -> Commanded:
        """Publish a command, or the message of one, under its id or a new one."""
        message = dict(command) if isinstance(command, Mapping) else message_of(command)
        if message.get("id") is None:
            message["id"] = f"c-{uuid.uuid4().hex[:24]}"
        payload = payload_of(message)
        read = read_command(payload)
        [message_id] = self._commands.send([payload])
        return Commanded(read.id, message_id)

    def cancel(
        self, request: str | None = None, *, task: str | None = None, **said: Unpack[Said]
    ) -> Commanded:
        """Have a request cancelled, or one task."""
        return self._command("cancel", {"request": request, "task": task}, said)

    def retry(
        self, request: str | None = None, *, task: str | None = None, **said: Unpack[Said]
    ) -> Commanded:
        """Have what FAILED or was CANCELLED of a request, or one task, set going once more."""
        return self._command("retry", {"request": request, "task": task}, said)

    def raise_priority(self, request: str, priority: int, **said: Unpack[Said]) -> Commanded:
        """Have a request given a priority, 0 to 9999; the command is called `raise`."""
        return self._command("raise", {"request": request}, said, priority=priority)

    def pause(self, region: str, **said: Unpack[Said]) -> Commanded:
        """Have a region make no requests until it is resumed."""
        return self._command("pause", {"region": region}, said)

    def resume(self, region: str, *, catch_up: bool, **said: Unpack[Said]) -> Commanded:
        """Have a region go on, with what was missed meanwhile (`catch_up`) or from now."""
        return self._command("resume", {"region": region}, said, catch_up=catch_up)

    def run(self, region: str, **said: Unpack[Said]) -> Commanded:
        """Have a region make a request at its next tick, as if its schedule fired."""
        return self._command("run", {"region": region}, said)

    def silence(
        self,
        ends_at: datetime,
        *,
        incident: str | None = None,
        hazard: str | None = None,
        rule: str | None = None,
        feed: str | None = None,
        owner: str | None = None,
        area: Any = None,
        **said: Unpack[Said],
    ) -> Commanded:
        """Have nothing requested until then for incidents that all that is given fits.

        `area` is GeoJSON, or what has a `__geo_interface__`. It needs a `reason`.
        """
        target = {"incident": incident, "hazard": hazard, "rule": rule, "feed": feed}
        target |= {"owner": owner, "area": area}
        return self._command("silence", target, said, ends_at=ends_at)

    def _command(
        self, name: str, target: Mapping[str, Any], said: Said, **fields: Any
    ) -> Commanded:
        rest: dict[str, Any] = dict(said)
        rest["id"] = rest.pop("command_id", None)
        given = {key: value for key, value in target.items() if value is not None}
        return self.publish_command({"command": name, "target": given, **fields, **rest})
