"""Commands: what a person wants done with what is there already, as a message; pure.

`fields` has the parts of a message, `model` the commands, `reader` the way from bytes to one or to
every fault, `writer` the way back, `schema` the JSON Schema, `records` what the store holds.
"""

from s1ratio.commands.fields import MaskTarget, RegionTarget, RequestTarget, WorkTarget
from s1ratio.commands.model import (
    Cancel,
    Command,
    Pause,
    Raise,
    Resume,
    Retry,
    Run,
    Silence,
)
from s1ratio.commands.reader import CommandMessage, read_command
from s1ratio.commands.writer import message_of

__all__ = [
    "Cancel",
    "Command",
    "CommandMessage",
    "MaskTarget",
    "Pause",
    "Raise",
    "RegionTarget",
    "RequestTarget",
    "Resume",
    "Retry",
    "Run",
    "Silence",
    "WorkTarget",
    "message_of",
    "read_command",
]
