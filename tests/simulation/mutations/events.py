"""Faults on the way of events to their topic: what is sent, in which order, and what counts."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from unittest.mock import patch

from s1ratio.services.event_world import EventWorld
from s1ratio.services.publishing import send as sending
from s1ratio.services.publishing.send import send
from tests.simulation.mutations.mutation import Mutation

_send_some = sending._Run.send_some


def _marked_first(run: sending._Run) -> None:
    run._world.store.mark_sent([*chain.from_iterable(run._rest.values())])
    _send_some(run)


def _last_of_each(world: EventWorld, keys: Sequence[str], until: datetime) -> int:
    """Send what was committed last: earlier events of a key may lie unsent."""
    unsent = {key: world.store.find_unsent_events_of(key)[-1:] for key in keys}
    return send(world, unsent, until)


def _nothing(*_: object) -> int:
    return 0


EVENTS = {
    "events count as sent beforehand": Mutation(
        lambda: patch.object(sending._Run, "send_some", _marked_first), 49
    ),
    "a later event overtakes": Mutation(
        lambda: patch("s1ratio.services.publishing.publish._send_keys", _last_of_each), 49
    ),
    "nobody sweeps what lies unsent": Mutation(
        lambda: patch("s1ratio.services.polling.steps.sweep_unsent", _nothing), 9
    ),
}
