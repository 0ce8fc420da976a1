"""Redrive: what could not be delivered goes back to the topic it came from.

A letter is acknowledged only after its publication was confirmed: a process that dies in between
leaves a second copy, and a request that comes twice is one request.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from s1ratio.errors import PubSubError
from s1ratio.logevents import LETTER_REDRIVEN, tell
from s1ratio.ports import DeadLetter, DeadLetters, Publisher

_LOG = logging.getLogger(__name__)

COUNT = "s1ratio-redriven"  # the attribute that says how often a message was redriven
_OF_PUBSUB = "CloudPubSubDeadLetter"  # how the attributes begin that dead-lettering adds
_PAGE = 20
_MAX_EMPTY_PULLS = 2  # one pull without a letter does not say that there is none


class Fate(StrEnum):
    """What became of a letter."""

    SENT = "sent"
    WOULD_BE_SENT = "would be sent"
    KEPT = "kept"  # redriven too often already
    REFUSED = "refused"  # Pub/Sub will not have it


@dataclass(frozen=True)
class Redriven:
    """One letter: Pub/Sub's id of it, how often it was redriven before, and what became of it."""

    message_id: str
    before: int
    fate: Fate
    words: str = ""


@dataclass(frozen=True)
class Rules:
    """At most `limit` letters are looked at; one redriven `times` times stays, unless `force`d."""

    limit: int = 1_000
    times: int = 3
    force: bool = False
    dry_run: bool = False


def redrive(letters: DeadLetters, publisher: Publisher, rules: Rules) -> Iterator[Redriven]:
    """Redrive letters, yielding each when it is done; raise PubSubUnavailable where it stops.

    Letters that stay are held to the end, so that none is seen twice, and then given back.
    """
    held: dict[str, DeadLetter] = {}
    try:
        for letter in _pull(letters, rules.limit, held):
            done = _redrive_one(letter, publisher, rules)
            if done.fate is Fate.SENT:
                letters.acknowledge(letter)
                del held[letter.message_id]
            fate = done.fate.value
            tell(_LOG, LETTER_REDRIVEN, pubsub_message=done.message_id, fate=fate)
            yield done
    finally:
        if held:
            letters.release(list(held.values()))


def _pull(letters: DeadLetters, limit: int, held: dict[str, DeadLetter]) -> Iterator[DeadLetter]:
    """Yield letters up to a limit, or until a few pulls bring none that is new; hold them all."""
    left, empty = limit, 0
    while left > 0 and empty < _MAX_EMPTY_PULLS:
        pulled = letters.pull(min(_PAGE, left))
        new = [letter for letter in pulled if letter.message_id not in held]
        # One that is held comes again when its deadline is over, under another handle.
        held.update({letter.message_id: letter for letter in pulled})
        empty = 0 if new else empty + 1
        left -= len(new)
        yield from new


def _redrive_one(letter: DeadLetter, publisher: Publisher, rules: Rules) -> Redriven:
    before = times_redriven(letter.attributes)
    if before >= rules.times and not rules.force:
        words = f"redriven {before} times already: look why, then send it with --force"
        return Redriven(letter.message_id, before, Fate.KEPT, words)
    if rules.dry_run:
        return Redriven(letter.message_id, before, Fate.WOULD_BE_SENT)
    try:
        publisher.publish(letter.data, outgoing(letter.attributes))
    except PubSubError as error:
        if error.retry:
            raise
        return Redriven(letter.message_id, before, Fate.REFUSED, str(error))
    return Redriven(letter.message_id, before, Fate.SENT)


def times_redriven(attributes: Mapping[str, str]) -> int:
    """Return how often a message was redriven; a count that is no number says never."""
    count = attributes.get(COUNT, "")
    return int(count) if count.isascii() and count.isdigit() and len(count) < 10 else 0


def outgoing(attributes: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes as first published, and the count of this redrive."""
    first = {name: text for name, text in attributes.items() if not name.startswith(_OF_PUBSUB)}
    return {**first, COUNT: str(times_redriven(attributes) + 1)}
