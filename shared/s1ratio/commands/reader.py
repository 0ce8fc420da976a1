"""From the bytes of a message to a command, or to every fault it has."""

import hashlib
import json
from dataclasses import dataclass

from pydantic import ValidationError

from s1ratio.commands.model import ADAPTER, NAMES, Command
from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.request.parsing import parse_alone
from s1ratio.request.reader import decode
from s1ratio.request.words import faults_of

MAX_COMMAND_BYTES = 100_000
_FORM = "`command` and `target`"
_SCHEMA = "s1ratio schema --command"


@dataclass(frozen=True)
class CommandMessage:
    """A valid message: its id, and what it wants.

    `text` is the JSON as sent, its keys sorted, and `digest` its SHA-256: no defaults are filled
    in, so a deployment between two deliveries of one message changes nothing.
    """

    text: str
    digest: str
    id: str
    command: Command


def read_command(payload: bytes | str) -> CommandMessage:
    """Return the command in a payload of UTF-8 JSON; raise InvalidRequest with every fault."""
    return parse_alone(lambda: _read(payload))


def _read(payload: bytes | str) -> CommandMessage:
    sent = decode(payload, MAX_COMMAND_BYTES, _FORM)
    try:
        # By way of JSON: what is told apart by strict types there is told apart here.
        text = json.dumps(sent, sort_keys=True, separators=(",", ":"), allow_nan=False)
        command = ADAPTER.validate_json(text)
    except ValidationError as error:
        raise InvalidRequest(_faults(error)) from None
    except RecursionError:
        raise _invalid("the JSON is nested too deeply") from None
    except ValueError:
        raise _invalid("it has a number that is too large") from None
    digest = hashlib.sha256(text.encode()).hexdigest()
    return CommandMessage(text, digest, command.id or f"c-{digest[:24]}", command)


def _faults(error: ValidationError) -> list[Fault]:
    """Return what is wrong, where: pydantic puts the command's name before each path."""
    faults = []
    for fault in faults_of(error, _SCHEMA):
        name, _, rest = fault.path.partition(".")
        path = rest if name in NAMES else fault.path
        faults.append(Fault(path, fault.code, fault.message))
    return faults


def _invalid(words: str) -> InvalidRequest:
    return InvalidRequest([Fault("", "not_json", words)])
