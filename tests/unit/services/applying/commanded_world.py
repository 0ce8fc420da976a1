"""A world that takes commands: messages as they are published, delivered and delivered again."""

import json
from datetime import datetime
from typing import Any

from s1ratio.commands.records import CommandRecord
from s1ratio.services.applying.apply import apply_command
from s1ratio.services.context import Context
from tests.support.simulated import World
from tests.support.simulated.regions import RegionWorld

NAME = "mine-1"


def said(
    command: str, *, request: str | None = None, region: str | None = None, **fields: Any
) -> bytes:
    """Return the message of a command, by default `mine-1` and aimed at request `r1`."""
    target = {"region": region} if region else {"request": request or "r1"}
    whole = {"id": NAME, "command": command, "target": target, "by": "anna", **fields}
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


def deliver(
    world: World | RegionWorld,
    payload: bytes,
    context: Context | None = None,
    published_at: datetime | None = None,
) -> CommandRecord | None:
    """Deliver a message, published now unless it is said when; return what was recorded."""
    at = published_at or world.clock.now()
    return apply_command(context or world.context(), payload, at, "m-1")


def known(world: World | RegionWorld, name: str = NAME) -> CommandRecord:
    """Return a command that must be there."""
    record = world.store.get_command(name)
    assert record is not None
    return record
