"""An incident that can't be worked on is put off, and given up in the end; others go on."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from s1ratio.alerts.incident import Incident, IncidentState
from s1ratio.alerts.reasons import Reason
from s1ratio.events.of_incidents import tell_of_incident
from s1ratio.events.teller import Teller
from s1ratio.records import Event
from s1ratio.services.alerts import advance_incidents
from s1ratio.services.storing import incidents
from tests.unit.alerts.samples import T0
from tests.unit.services.alerts.test_watches import START, flood
from tests.unit.services.alerts.watch_world import WatchWorld, opened_world

FAR = {"type": "Point", "coordinates": [110.0, 15.0]}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[WatchWorld]:
    with opened_world(tmp_path, START) as made:
        made.see_passes(T0, T0)
        yield made


def test_that_it_is_given_up_is_told(world: WatchWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ValueError("of a form that nobody had foreseen")

    monkeypatch.setattr(advance_incidents, "_advance", break_down)
    world.say(flood())
    world.hours(24, polled=False)
    ended = world.incident
    assert (ended.state, ended.reason) == (IncidentState.CLOSED, Reason.UNEXPECTED)
    assert "CLOSED" in ended.told
    world.assert_told()


def test_what_can_t_even_be_put_off_holds_up_no_other(
    world: WatchWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one of an earlier version, which told nothing of it, where telling breaks."""
    world.say(flood(eventid=7, geometry=FAR))
    world.watch()
    world.clock.sleep(660)
    world.watch()
    far = world.incident
    world.store.save_incident(replace(far, told="", due_at=world.clock.now()), far.version)

    def tell_others(teller: Teller, incident: Incident) -> Event:
        if incident.id == far.id:
            raise ValueError("of a form that nobody had foreseen")
        return tell_of_incident(teller, incident)

    monkeypatch.setattr(incidents, "tell_of_incident", tell_others)
    world.say(flood())
    world.hours(0.5, every=0.1, polled=False)
    (near,) = (one for one in world.store.find_incidents(9) if one.id != far.id)
    assert near.state is IncidentState.ACTIVE
