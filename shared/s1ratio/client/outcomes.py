"""What becomes of a message that somebody publishes."""

from dataclasses import dataclass

from s1ratio.faults import Fault


@dataclass(frozen=True)
class Published:
    """Pub/Sub keeps the message, under `message_id`; its request will be known as `request_id`."""

    request_id: str
    message_id: str


@dataclass(frozen=True)
class Refused:
    """The message breaks the rules and was not sent: every fault."""

    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Commanded:
    """Pub/Sub keeps a command, under `message_id`; it will be known as `command_id`."""

    command_id: str
    message_id: str
