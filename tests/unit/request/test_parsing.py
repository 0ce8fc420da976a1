"""What is more than parsing may cost is refused before; what may be sent is far from that."""

import json
import math
import threading
import time
from typing import Any

import pytest

from s1ratio.errors import InvalidRequest
from s1ratio.request.parsing import MAX_STRUCTURE, count_structure, parse_alone
from tests.functions.hostile.bombs import SHAPES, full, tight
from tests.support.messages import faults_of, message, polygon, read, square


@pytest.mark.parametrize("shape", SHAPES)
def test_a_small_bomb_is_refused_with_what_is_too_much_and_what_to_do(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parsed(*_: Any, **__: Any) -> None:
        raise AssertionError("it was parsed")

    bomb = full(shape)
    monkeypatch.setattr(json, "loads", parsed)
    (fault,) = faults_of(bomb)
    assert (fault.path, fault.code) == ("", "too_large")
    assert f"{count_structure(bomb):,} brackets, commas and colons" in fault.message
    assert "at most 120,000 are read: simplify the outline" in fault.message


@pytest.mark.parametrize("shape", SHAPES)
def test_just_below_the_bound_a_message_is_judged_by_what_it_says(shape: str) -> None:
    large = tight(shape)
    assert MAX_STRUCTURE * 0.98 < count_structure(large) <= MAX_STRUCTURE
    assert all("brackets" not in fault.message for fault in faults_of(large))


def ring(count: int, *height: float) -> list[list[float]]:
    """Return a circle's outline, closed, with long numbers."""
    angles = [2 * math.pi * number / count for number in range(count)]
    found = [[14 + math.cos(angle) / 2, 48 + math.sin(angle) / 2, *height] for angle in angles]
    return [*found, found[0]]


def triangle(number: int) -> dict[str, Any]:
    """Return one of many polygons that don't touch each other."""
    west, south = 10 + number % 50 / 20, 45 + number // 50 / 20
    corner = [west, south]
    return polygon([corner, [west + 0.02, south], [west, south + 0.02], corner])


def features(properties: int) -> dict[str, Any]:
    """Return 2,500 triangles as a geographic information system exports them."""
    table = {f"column_{number}": f"value {number}" for number in range(properties)}
    each = [{"type": "Feature", "properties": table, "geometry": triangle(n)} for n in range(2_500)]
    return {"type": "FeatureCollection", "features": each}


LARGEST: dict[str, dict[str, Any]] = {
    "10,000 vertices": polygon(ring(9_999)),
    "10,000 vertices with heights": polygon(ring(9_999, 123.25)),
    "2,500 polygons": {
        "type": "MultiPolygon",
        "coordinates": [triangle(number)["coordinates"] for number in range(2_500)],
    },
    "2,500 features": features(0),
    "2,500 features of 7 properties": features(7),
    "the largest box": {"bbox": [14, 45, 20, 49]},
    "a long text": {"type": "Feature", "properties": {"n": "a, b: [c]. " * 20_000}}
    | {"geometry": polygon(square(14, 10))},
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_areas_are_read(name: str) -> None:
    assert read(aoi=LARGEST[name]).request.aoi.area_km2 > 0


def test_marks_in_bytes_and_in_text_count_alike() -> None:
    text = json.dumps(message(labels={"place": "Käfer 😀, [x]: {y}"}), ensure_ascii=False)
    assert count_structure(text) == count_structure(text.encode()) > 10


def test_one_message_is_parsed_at_a_time() -> None:
    now, most = 0, 0

    def parse() -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        time.sleep(0.01)
        now -= 1

    threads = [threading.Thread(target=parse_alone, args=(parse,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (now, most) == (0, 1)


def test_a_refusal_keeps_nothing_of_what_was_parsed() -> None:
    with pytest.raises(InvalidRequest) as caught:
        read(orbits=["x"], labels={"a": {}})
    error: BaseException = caught.value
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    assert error.__context__ is None
    assert {"_read", "_texts", "decode"}.isdisjoint(frames), frames


def test_an_error_nobody_expected_reaches_the_caller() -> None:
    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        parse_alone(broken)
