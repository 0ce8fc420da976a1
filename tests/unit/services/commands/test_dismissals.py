"""A reader's wish to cancel: published as a command that can be read, or fulfilled at once."""

import json
from collections.abc import Mapping
from datetime import timedelta

from s1ratio.commands import Cancel, read_command
from s1ratio.ports import Publisher
from s1ratio.ports.dismissing import Dismissal
from s1ratio.records import RequestState
from s1ratio.services.commands.dismissals import AppliedDismissals, PublishedDismissals
from tests.contract.records import NOW
from tests.support.simulated import World


class Topic(Publisher):
    """A topic that remembers."""

    def __init__(self) -> None:
        self.published: list[bytes] = []

    def publish(self, data: bytes, attributes: Mapping[str, str]) -> str:
        assert not attributes
        self.published.append(data)
        return "1"


def test_a_wish_becomes_a_command() -> None:
    topic = Topic()
    told = PublishedDismissals(lambda: topic).dismiss("r1", "me@example.com", "enough", NOW)
    (message,) = topic.published
    read = read_command(message)
    assert told == Dismissal(read.id)
    assert isinstance(read.command, Cancel)
    assert read.command.target.request == "r1"
    assert (read.command.by, read.command.reason) == ("me@example.com", "enough")


def test_the_same_wish_is_the_same_command_for_a_minute() -> None:
    dismissals = PublishedDismissals(Topic)
    at = NOW.replace(second=0)
    first = dismissals.dismiss("r1", "me", "a", at)
    assert dismissals.dismiss("r1", "me", "b", at + timedelta(seconds=59)) == first
    others = [
        dismissals.dismiss("r1", "me", "a", at + timedelta(seconds=60)),
        dismissals.dismiss("r2", "me", "a", at),
        dismissals.dismiss("r1", "you", "a", at),
    ]
    assert len({each.command for each in [first, *others]}) == 4


def test_what_is_too_long_for_a_command_is_cut() -> None:
    topic = Topic()
    PublishedDismissals(lambda: topic).dismiss("r1", "ü" * 300, "ü" * 3000, NOW)
    command = read_command(topic.published[0]).command
    assert 0 < len(command.by) <= 100
    assert 0 < len(command.reason) <= 500
    assert json.loads(topic.published[0])["command"] == "cancel"


def test_a_wish_is_fulfilled_at_once_where_the_store_is_ours(world: World) -> None:
    world.set(max_active=1)
    world.launch()
    dismissals = AppliedDismissals(world.context)
    assert dismissals.dismiss("r1", "me", "enough", NOW) == Dismissal()
    before = world.request()
    assert (before.state.terminal, before.cancelling) == (False, "enough"), "one is under way"
    world.until(lambda: world.request().state is RequestState.CANCELLED)
