"""From a command to the message that says it."""

from typing import Any

from s1ratio.commands.model import Command


def message_of(command: Command) -> dict[str, Any]:
    """Return a command as the JSON object that is published: only what was given of it."""
    return {"command": command.command, **command.model_dump(mode="json", exclude_unset=True)}
