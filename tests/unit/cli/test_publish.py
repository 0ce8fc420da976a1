"""`s1ratio publish`, as it is typed: areas of all kinds, fields, many features, what is wrong."""

import io
import json
import os
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from s1ratio.cli.areas import Areas
from s1ratio.cli.main import main
from s1ratio.request import Limits, read_message
from tests.support.simulated import World, message
from tests.support.taken_messages import TakenMessages

PERIOD = ["--start", "2023-05-01", "--end", "2023-07-01"]
BOXES = [shapely.box(15 + n / 10, 48, 15.05 + n / 10, 48.05) for n in range(3)]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def topic(monkeypatch: pytest.MonkeyPatch) -> TakenMessages:
    """The topic of a deployment, which the environment names."""
    for name in [name for name in os.environ if name.startswith("S1RATIO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("S1RATIO_PROJECT", "my-project")
    taken = TakenMessages()
    monkeypatch.setattr("s1ratio.adapters.pubsub.PubSubPublisher", lambda *_: taken)
    return taken


def _sent(topic: TakenMessages) -> list[dict[str, Any]]:
    for payload in topic.taken:
        read_message(payload, Limits())
    return [json.loads(payload) for payload in topic.taken]


def _feature(shape: shapely.Geometry) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(shape)}


def _geojson(path: Path, *shapes: shapely.Geometry) -> str:
    features = [_feature(shape) for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return str(path)


def _vector(path: Path, crs: str = "EPSG:4326", **named: Any) -> str:
    shapes = np.array([shapely.to_wkb(box) for box in BOXES], dtype=object)
    kind = {"geometry_type": "Polygon", "crs": crs, **named}
    pyogrio.raw.write(path, shapes, [np.arange(3)], ["n"], **kind)
    return str(path)


WRITERS: dict[str, Callable[[Path], str]] = {
    "geojson": lambda folder: _geojson(folder / "a.geojson", *BOXES),
    "geopackage": lambda folder: _vector(folder / "a.gpkg"),
    "shapefile": lambda folder: _vector(folder / "a.shp"),
    "kml": lambda folder: _vector(folder / "a.kml", driver="KML"),
    "flatgeobuf": lambda folder: _vector(folder / "a.fgb"),
}


@pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)
def test_a_file_becomes_one_request_or_one_a_feature(
    writer: Callable[[Path], str], topic: TakenMessages, tmp_path: Path, capsys: Capture
) -> None:
    path = writer(tmp_path)
    assert main(["publish", path, *PERIOD]) == 0
    assert main(["publish", path, *PERIOD, "--each", "--json"]) == 0
    one, *each = [read_message(payload, Limits()) for payload in topic.taken]
    assert len(each) == 3
    total = sum(message.request.aoi.area_km2 for message in each)
    assert one.request.aoi.area_km2 == pytest.approx(total)
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["request_id"] for line in lines[1:]] == [m.request_id for m in each]


@pytest.mark.parametrize(
    "aoi",
    [
        "15,48,15.1,48.1",
        "-70.1,-33.5,-70,-33.4",
        "15,48,5",
        "-70.1,-33.5,5",
        "POLYGON ((15 48, 15.1 48, 15.1 48.1, 15 48))",
        "SRID=32633;POINT (500000 5300000)",
    ],
)
def test_an_area_in_words(aoi: str, topic: TakenMessages, capsys: Capture) -> None:
    is_point = aoi.startswith("SRID")
    assert main(["publish", aoi, *PERIOD]) == (2 if is_point else 0)
    assert len(topic.taken) == (0 if is_point else 1)
    said = capsys.readouterr().err
    assert ("buffer_m" in said) == is_point


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(_feature(BOXES[0])),
        json.dumps(_feature(BOXES[0])) + "\n" + json.dumps(_feature(BOXES[1])),
        BOXES[0].wkt,
        "15,48,15.1,48.1\n",
    ],
)
def test_standard_input(
    text: str, topic: TakenMessages, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    for more in ([], ["--each"]):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        assert main(["publish", "-", *PERIOD, *more]) == 0, capsys.readouterr().err
    assert len(_sent(topic)) == 1 + text.count("Feature") if "Feature" in text else 2


def test_the_crs_of_a_file_is_respected_and_said(
    topic: TakenMessages, tmp_path: Path, capsys: Capture
) -> None:
    square = np.array([shapely.to_wkb(shapely.box(500_000, 5.3e6, 510_000, 5.31e6))], dtype=object)
    path = tmp_path / "utm.gpkg"
    kind = {"geometry_type": "Polygon", "crs": "EPSG:32633"}
    pyogrio.raw.write(path, square, [np.arange(1)], ["n"], **kind)
    assert main(["publish", str(path), *PERIOD]) == 0
    found = read_message(topic.taken[0], Limits()).request.aoi
    assert found.area_km2 == pytest.approx(100, rel=0.002)
    assert found.centroid == pytest.approx((15.068, 47.9), abs=0.01)
    assert "EPSG:32633" in capsys.readouterr().err


def test_fields_are_those_of_the_message(topic: TakenMessages) -> None:
    fields = ["--preset", "notebook", "--set", "speckle.filter=boxcar", "--set", "orbits=[58]"]
    fields += ["--set", "speckle.size_px=5", "--label", "team=a", "--label", "x=1=2"]
    assert main(["publish", "15,48,5", *PERIOD, *fields, "--request-id", "mine"]) == 0
    [sent] = _sent(topic)
    assert sent["speckle"] == {"filter": "boxcar", "size_px": 5}
    assert (sent["orbits"], sent["preset"]) == ([58], "notebook")
    assert (sent["labels"], sent["request_id"]) == ({"team": "a", "x": "1=2"}, "mine")


def test_ids_follow_from_the_features_alone(
    topic: TakenMessages, tmp_path: Path, capsys: Capture
) -> None:
    first = _geojson(tmp_path / "a.geojson", *BOXES)
    second = _geojson(tmp_path / "b.geojson", BOXES[2], BOXES[0])
    for path in (first, second):
        assert main(["publish", path, *PERIOD, "--each", "--request-id", "fields"]) == 0
    ids = [message["request_id"] for message in _sent(topic)]
    assert ids[3:] == [ids[2], ids[0]]
    assert len(set(ids)) == 3
    assert all(name.startswith("fields-") for name in ids)
    capsys.readouterr()


def test_nothing_is_half_published(topic: TakenMessages, tmp_path: Path, capsys: Capture) -> None:
    path = _geojson(tmp_path / "a.geojson", BOXES[0], shapely.Point(15, 48), BOXES[1])
    assert main(["publish", path, *PERIOD, "--each"]) == 2
    assert topic.calls == []
    assert f"{path}, feature 2: " in capsys.readouterr().err
    assert main(["publish", path, *PERIOD, "--each", "--skip-invalid"]) == 0
    assert len(_sent(topic)) == 2
    assert "1 invalid features were skipped" in capsys.readouterr().err


def _broken(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def _layers(folder: Path) -> str:
    path = folder / "two.gpkg"
    _vector(path, layer="first")
    return _vector(path, layer="second", append=True)


WRONG: dict[str, tuple[Callable[[Path], list[str]], str]] = {
    "no file": (lambda _: ["nowhere.shp"], "nowhere.shp is no file"),
    "no geojson": (lambda _: ["nowhere.geojson"], "nowhere.geojson"),
    "a folder": (lambda f: [str(f)], "no vector file"),
    "no GeoPackage": (lambda f: [_broken(f, "a.gpkg", b"no")], "no vector file"),
    "no JSON": (lambda f: [_broken(f, "a.json", b"{no")], "no GeoJSON"),
    "no text": (lambda f: [_broken(f, "a.json", b"\xff\xfe{}")], "UTF-8"),
    "nothing": (lambda f: [_broken(f, "a.json", b"")], "no features"),
    "a line": (lambda f: [_broken(f, "a.wkt", b"LINESTRING (0 0, 1 1)")], "is no area"),
    "two layers": (lambda f: [_layers(f)], "choose one of first, second by --layer"),
    "no such layer": (lambda f: [_layers(f), "--layer", "x"], "there is no layer 'x'"),
    "too few numbers": (lambda _: ["1,2"], "2 numbers"),
    "a field": (lambda _: ["1,2,3", "--set", "colour=blue"], "colour"),
    "two of one": (lambda _: ["1,2,3", "--set", "a=1", "--set", "a.b=2"], "a was set"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_told_in_one_line(
    name: str, topic: TakenMessages, tmp_path: Path, capsys: Capture
) -> None:
    make, said = WRONG[name]
    assert main(["publish", *make(tmp_path), *PERIOD]) == 2
    told = capsys.readouterr()
    assert (told.out, topic.calls) == ("", [])
    [line] = told.err.splitlines()
    assert line.startswith("s1ratio: ")
    assert said in line


def test_a_layer_is_chosen(topic: TakenMessages, tmp_path: Path) -> None:
    assert main(["publish", _layers(tmp_path), "--layer", "second", *PERIOD]) == 0
    assert len(topic.taken) == 1


def test_where_to_is_asked_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.delenv("S1RATIO_PROJECT")
    assert main(["publish", "1,2,3", *PERIOD]) == 2
    assert "S1RATIO_PROJECT" in capsys.readouterr().err
    assert main(["publish", "1,2,3", *PERIOD, "--topic", "projects/p/topics/t"]) == 0


@pytest.mark.parametrize("more", [[], ["--each"], ["--json"], ["--each", "--json"]])
def test_a_dry_run_calls_nobody(
    more: list[str], topic: TakenMessages, tmp_path: Path, capsys: Capture
) -> None:
    path = _geojson(tmp_path / "a.geojson", *BOXES)
    named = ["--set", "orbits=[95]", "--set", "direction=DESCENDING"]
    assert main(["publish", path, *PERIOD, *named, "--dry-run", *more]) == 0
    assert topic.calls == []
    told = capsys.readouterr().out
    if "--json" in more:
        found = json.loads(told)
        tasks = found["tasks"] if "--each" in more else len(found["tasks"])
        assert tasks == (3 if "--each" in more else 1)
        assert found["values"] == 3 * found["pixels"]


def test_an_estimate_is_read_from_the_store_that_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Capture
) -> None:
    world = World(tmp_path)
    for number in range(5):
        aoi = {"bbox": [13 + number / 100, 52.0, 13.02 + number / 100, 52.02]}
        world.launch(message(request_id=f"e{number}", aoi=aoi, orbits=[58]))
        world.until(partial(world.settled, f"e{number}"))
    world.close()
    monkeypatch.setenv("S1RATIO_STORE", f"sqlite:{tmp_path / 'store.db'}")
    path = _geojson(tmp_path / "a.geojson", *BOXES)
    for more in ([], ["--each"]):
        asked = ["publish", path, *PERIOD, "--dry-run", "--history", "--json", *more]
        assert main(asked) == 0, capsys.readouterr().err
        told = json.loads(capsys.readouterr().out)["estimate"]
        assert told["samples"] == 5
        assert 0 < told["eecu_seconds"]["p50"] <= told["eecu_seconds"]["p90"]
    assert main(["publish", path, *PERIOD, "--dry-run", "--history"]) == 0
    assert "by 5 like tasks" in " ".join(capsys.readouterr().out.split())


def test_many_features_take_no_more_memory_than_few(tmp_path: Path) -> None:
    def peak(count: int) -> float:
        path = tmp_path / f"{count}.geojson"
        shapes = (shapely.Point(n / 100, 1).buffer(0.001) for n in range(count))
        with path.open("w") as file:
            file.write('{"type": "FeatureCollection", "features": [')
            file.write(",".join(json.dumps(_feature(shape)) for shape in shapes))
            file.write("]}")
        tracemalloc.start()
        assert sum(1 for _ in Areas(str(path), None).read()) == count
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    few, many = peak(200), peak(4_000)
    assert many < 1.5 * few
    assert many < 3e6


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.soak)])
def test_so_many_requests_are_published_in_bounded_memory(
    count: int, topic: TakenMessages, tmp_path: Path, capsys: Capture
) -> None:
    path = _geojson(
        tmp_path / "a.geojson", *(shapely.Point(n / 100, 1).buffer(0.001) for n in range(count))
    )
    sizes = []
    publish_all = topic.publish_all

    def counted(payloads: Any) -> Any:
        answer = publish_all(payloads)
        sizes.append(tracemalloc.get_traced_memory()[0])
        topic.calls.clear()
        topic.taken.clear()
        return answer

    topic.publish_all = counted  # type: ignore[method-assign]
    tracemalloc.start()
    assert main(["publish", path, *PERIOD, "--each"]) == 0
    tracemalloc.stop()
    assert len(sizes) == -(-count // 100)
    printed = 60 * count  # what the command prints, which pytest keeps
    assert sizes[-1] - sizes[0] < 1e6 + printed
    assert len(capsys.readouterr().out.splitlines()) == count
