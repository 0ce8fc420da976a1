"""A replay as a whole: holds, refusals, what it will cost, and that it asks for nothing twice."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.alerts.records import Kind
from s1ratio.estimate import Sample
from s1ratio.services.alerts import predicted_sky
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.definitions import apply, propose
from s1ratio.services.alerts.replay import ReplayClock, messages_in, replay
from s1ratio.settings import Settings
from tests.support.alert_world import KeptPayloads, PlayedFeeds, documents
from tests.unit.alerts import samples
from tests.unit.alerts.samples import T0

FAR = {"type": "Point", "coordinates": [15.0, 48.0]}


class Recorded:
    """A folder of messages, and rules to take them through."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "messages"
        self.folder.mkdir()
        self.store = SqliteStore(folder / "store.db")
        self.history: Any = None
        self.define(Kind.FEED, *documents("feeds"))

    def define(self, kind: Kind, *several: Any) -> None:
        apply(self.store, propose(self.store, kind, several, T0))

    def rule(self, **changes: Any) -> None:
        """Store the rule of floods with changes."""
        known = next(one for one in documents("rules") if one["name"] == "flood")
        self.define(Kind.RULE, {**known, **changes})

    def say(self, payload: bytes, **after: float) -> None:
        at = T0 + timedelta(hours=1, **after)
        (self.folder / f"{at:%Y%m%dT%H%M%SZ}-gdacs.json").write_bytes(payload)

    def replay(self) -> dict[str, Any]:
        clock, feeds = ReplayClock(T0), PlayedFeeds()
        settings = Settings("replay", "replay")
        context = AlertContext(settings, self.store, clock, "me", KeptPayloads(), feeds)
        messages, _ = messages_in(self.folder, T0, T0 + timedelta(days=60))
        end = messages[-1].at + timedelta(days=2)
        return replay(context, clock, messages, end, self.history)


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[Recorded]:
    made = Recorded(tmp_path)
    yield made
    made.store.close()


def test_what_is_over_a_budget_is_held_and_told(recorded: Recorded) -> None:
    recorded.rule(open_at_once=1)
    recorded.say(samples.gdacs(samples.gdacs_event(), samples.gdacs_event(eventid=2, geometry=FAR)))
    found = recorded.replay()
    (held,) = found["held"]
    assert held["from"] < held["until"]
    (late,) = (one for one in found["incidents"] if one["id"] == held["incident"])
    followed = [one for one in found["incidents"] if one is not late]
    assert [len(one["watches"]) > 0 for one in followed] == [True]


def test_an_area_that_grows_before_its_pass_is_requested_once(recorded: Recorded) -> None:
    recorded.rule()
    near = {"type": "Point", "coordinates": [105.2, 11.6]}
    recorded.say(samples.gdacs(samples.gdacs_event()))
    recorded.say(samples.gdacs(samples.gdacs_event(eventid=2, geometry=near)), minutes=420)
    found = recorded.replay()
    (incident,) = found["incidents"]
    assert incident["requests"] == 2, "its area grew"
    assert not any(one["id"].endswith("-r2") for one in found["requests"])
    assert len(found["requests"]) == 2 * len(incident["watches"])


def test_an_area_that_grows_after_its_passes_is_requested_anew(recorded: Recorded) -> None:
    recorded.rule()
    near = {"type": "Point", "coordinates": [105.2, 11.6]}
    recorded.say(samples.gdacs(samples.gdacs_event()))
    recorded.say(samples.gdacs(samples.gdacs_event(eventid=2, geometry=near)), days=13)
    found = recorded.replay()
    revised = [one["id"] for one in found["requests"] if one["id"].endswith("-r2")]
    assert revised
    assert len({one["id"] for one in found["requests"]}) == len(found["requests"])


def test_a_request_that_no_deployment_takes_is_told(recorded: Recorded) -> None:
    recorded.rule()
    stored = recorded.store.get_definition(Kind.RULE, "flood")
    assert stored is not None
    # Of an earlier version, which did not judge a rule's requests when it was written.
    spoilt = {**stored.document, "request": {"statistics": ["nothing"]}}
    recorded.store.save_definition(replace(stored, document=spoilt), stored.version)
    recorded.say(samples.gdacs(samples.gdacs_event()))
    found = recorded.replay()
    assert found["requests"] == []
    assert "refused" in json.dumps(found["incidents"][0])
    assert "statistics" in json.dumps(found["incidents"][0])


def test_costs_follow_pixels_and_passes_of_like_tasks(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    like = [Sample(amount=1e6, eecu_s=2.0, hours=0.5)] * 20
    monkeypatch.setattr(predicted_sky, "find_samples", lambda *_: like)
    recorded.rule(request={"grid": {"crs": "utm", "scale": 100}})
    recorded.say(samples.gdacs(samples.gdacs_event()))
    recorded.history = recorded.store
    found = recorded.replay()
    spent: dict[str, list[float]] = {"before": [], "after": []}
    for one in found["requests"]:
        spent[one["role"]].append(one["estimate"]["eecu_seconds"]["p50"])
    # A disc of 10 km in a box of 20 km: 200 × 200 pixels of two millionths each, and one pass.
    assert all(0.06 < each < 0.12 for each in spent["after"])
    # A baseline has 35 days of two satellites: some six passes.
    assert all(4 < b / a < 8 for b, a in zip(spent["before"], spent["after"], strict=True))
    total = sum(map(sum, spent.values()))
    assert found["eecu_seconds"]["p50"] == pytest.approx(total, abs=0.1 * len(found["requests"]))


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(36.8, 0.3), (36.8, -0.3), (179.99, -17.0), (20.0, 67.0), (-71.6, -38.7)],
)
def test_each_track_is_watched_and_delivered_wherever_it_is(
    recorded: Recorded, lon: float, lat: float
) -> None:
    recorded.rule()
    place = {"type": "Point", "coordinates": [lon, lat]}
    recorded.say(samples.gdacs(samples.gdacs_event(geometry=place)))
    found = recorded.replay()
    (incident,) = found["incidents"]
    assert {(one["state"], one["missed"]) for one in incident["watches"]} == {("DELIVERED", 0)}
    assert len(found["requests"]) == 2 * len(incident["watches"])
    assert [one["refused"] for one in found["requests"] if one["refused"]] == []
