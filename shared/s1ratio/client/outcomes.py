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
