"""The commands, one class each: version 1 of the message, told apart by its field `command`.

What all of them have: an `id` (else it follows from the message), who sends it and why, and until
when it is to be obeyed. `by` is what the sender says: a topic proves no author.
"""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from s1ratio.commands.fields import (
    By,
    CommandId,
    Instant,
    MaskTarget,
    Priority,
    Reason,
    RegionTarget,
    RequestTarget,
    WorkTarget,
)
from s1ratio.request.fields import Part
from s1ratio.request.kinds import Version


class _Command(Part):
    """What every command has."""

    version: Version = 1
    id: CommandId | None = Field(
        default=None,
        description="The same again is the same command; without one it follows from the message.",
    )
    by: By = Field(default="", description="Who wants it, as the sender says.")
    reason: Reason = Field(default="", description="Why, for others to read.")
    expires_at: Instant | None = Field(
        default=None,
        description="Not obeyed from then on; by default a day after it was published.",
    )


class Cancel(_Command):
    """What has not begun ends at once, what Earth Engine computes is cancelled."""

    command: Literal["cancel"] = "cancel"
    target: WorkTarget


class Retry(_Command):
    """What FAILED or was CANCELLED by then is set going once more."""

    command: Literal["retry"] = "retry"
    target: WorkTarget


class Raise(_Command):
    """A request, and what of it is still planned, gets this priority, be it higher or lower."""

    command: Literal["raise"] = "raise"
    target: RequestTarget
    priority: Priority


class Pause(_Command):
    """A region makes no requests until it is resumed."""

    command: Literal["pause"] = "pause"
    target: RegionTarget


class Resume(_Command):
    """A region that is paused or broken goes on: with what was missed meanwhile, or from now."""

    command: Literal["resume"] = "resume"
    target: RegionTarget
    catch_up: bool


class Run(_Command):
    """A region makes a request at its next tick, as if its schedule fired."""

    command: Literal["run"] = "run"
    target: RegionTarget


class Silence(_Command):
    """Nothing is requested for the incidents that it covers until `ends_at`."""

    command: Literal["silence"] = "silence"
    target: MaskTarget
    ends_at: Instant
    reason: Annotated[Reason, Field(min_length=3)]


Command: TypeAlias = Cancel | Retry | Raise | Pause | Resume | Run | Silence
NAMES = ("cancel", "retry", "raise", "pause", "resume", "run", "silence")
ADAPTER: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="command")])
