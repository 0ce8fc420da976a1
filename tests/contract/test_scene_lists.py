"""Scenes of many areas in one call, by the unmodified client, against the fleet's own numbers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from local_earthengine.scenes.fleet import PLATFORMS
from s1ratio import errors
from s1ratio.adapters.earth_engine import EarthEngineClient
from s1ratio.aoi import Aoi, read
from s1ratio.embedded.cloud import open_earth_engine
from s1ratio.imagery.scenes import MAX_BYTES
from s1ratio.scenes import MAX_QUESTIONS, Scene, SceneQuestion, in_calls, meets, passes_over
from tests.support.intercepting_servers import Recorder, passing_on, serving


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorder]:
    folder = tmp_path_factory.mktemp("scenes")
    with open_earth_engine(folder, None) as server, serving(passing_on(server.url)) as recorder:
        yield recorder


def area(west: float, south: float, east: float, north: float) -> Aoi:
    found, faults = read({"bbox": [west, south, east, north]}, "")
    assert found is not None, faults
    return found


def question(key: str, where: Aoi, start: str, end: str, most: int = 1_000) -> SceneQuestion:
    times = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end)]
    return SceneQuestion(key, where, times[0], times[1], most)


UPPER_AUSTRIA = area(14.6, 48.0, 14.7, 48.1)
FIJI = area(179.9, -17.0, -179.9, -16.5)
KENYA = area(36.70, 0.70, 36.90, 1.00)


def is_right(scene: Scene, asked: SceneQuestion) -> bool:
    """Tell whether a scene's numbers and times are those of the fleet."""
    platform = PLATFORMS[scene.platform]
    flown = (scene.start - platform.node_time(scene.absolute_orbit)).total_seconds()
    return (
        scene.relative_orbit == platform.relative_orbit(scene.absolute_orbit)
        and -60 < flown < 99 * 60
        and 20 < (scene.end - scene.start).total_seconds() < 35
        and asked.start <= scene.start < asked.end
        and scene.last_orbit - scene.absolute_orbit in {0, 1}
    )


def test_one_call_answers_all_questions_in_their_order(wire: Recorder) -> None:
    asked = [
        question("upper austria", UPPER_AUSTRIA, "2023-05-01", "2023-05-25"),
        question("fiji", FIJI, "2023-05-01", "2023-06-01"),
        question("nothing", UPPER_AUSTRIA, "2013-05-01", "2013-06-01"),
        question("kenya", KENYA, "2023-05-01", "2023-06-01"),
        question("few", FIJI, "2023-05-01", "2023-06-01", most=3),
    ]
    before = len(wire.requests)
    client = EarthEngineClient("local-project", wire.url, "bucket", 60)
    answers = client.find_scenes(asked)
    assert wire.paths()[before:] == ["POST value:compute"]
    assert len(wire.requests[-1].body) < MAX_BYTES
    assert [each.key for each in answers] == [each.key for each in asked]
    assert [each.whole for each in answers] == [True, True, True, True, False]
    assert len(answers[4].scenes) == 3
    assert answers[4].scenes == answers[1].scenes[:3]
    assert answers[2].scenes == ()
    for each, of in zip(answers, asked, strict=True):
        assert all(is_right(scene, of) for scene in each.scenes)
        assert [one.start for one in each.scenes] == sorted(one.start for one in each.scenes)
    assert all(meets(scene, FIJI) for scene in answers[1].scenes)
    assert {one.platform for one in answers[1].scenes} == {"A"}
    kenya = [one for one in passes_over(answers[3].scenes, KENYA) if one.relative_orbit == 57]
    assert kenya, "a pass across the equator bears the number of its south"
    names = [one.name for each in answers for one in passes_over(each.scenes, UPPER_AUSTRIA)]
    assert len(names) == len(set(names)) > 3


def test_fifty_areas_fit_into_one_call_and_no_more(wire: Recorder) -> None:
    asked = [
        question(f"q{n}", area(n, 47.0, n + 0.1, 47.1), "2023-05-01", "2023-05-03")
        for n in range(MAX_QUESTIONS)
    ]
    client = EarthEngineClient("local-project", wire.url, "bucket", 120)
    answers = client.find_scenes(asked)
    assert len(answers) == MAX_QUESTIONS
    assert sum(len(each.scenes) for each in answers) > MAX_QUESTIONS // 5
    assert len(json.loads(wire.requests[-1].body)) > 0
    assert len(wire.requests[-1].body) < MAX_BYTES / 4
    with pytest.raises(errors.TerminalFault, match="at most 50"):
        client.find_scenes([*asked, asked[0]])
    assert [len(call) for call in in_calls([*asked, asked[0]])] == [50, 1]
    assert client.find_scenes([]) == ()
