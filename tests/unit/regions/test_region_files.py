"""Files of regions: what is wrong in them is told by line and field, all of it at once."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from s1ratio.adapters.region_files import read_region_file
from s1ratio.errors import InvalidRequest
from s1ratio.regions.model import Region
from s1ratio.regions.reader import MAX_REGIONS, read_regions, stored_region
from s1ratio.regions.schema import regions_schema
from s1ratio.request import Limits

LIMITS = Limits(today=date(2026, 11, 30))
GOOD = """\
version: 1
regions:
  - id: vienna
    aoi: {bbox: [16.2, 48.1, 16.5, 48.3]}
    request:
      angle: none
    schedule:
      cron: 30 2 1 * *
      zone: Europe/Vienna
    period: {kind: calendar, unit: month}
    end: 2027-06-01
    owner: us
"""


def read(folder: Path, text: str | bytes, limits: Limits = LIMITS) -> tuple[Region, ...]:
    path = folder / "regions.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    file = read_region_file(path)
    try:
        return read_regions(file.data, limits)
    except InvalidRequest as error:
        raise InvalidRequest([file.placed(fault) for fault in error.faults]) from None


def faults(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(InvalidRequest) as caught:
        read(folder, text)
    return [str(fault) for fault in caught.value.faults]


def test_a_file_is_read_as_it_is_meant(tmp_path: Path) -> None:
    (region,) = read(tmp_path, GOOD)
    assert region.id == "vienna"
    assert region.schedule is not None
    assert (region.schedule.cron, region.priority, region.end) == (
        "30 2 1 * *",
        50,
        date(2027, 6, 1),
    )
    assert stored_region(region.text).text == region.text
    (other,) = read(tmp_path, json.dumps({"regions": [json.loads(region.text)]}))
    assert other.text == region.text, "JSON is YAML, and what is stored can be applied"


@pytest.mark.parametrize(
    ("was", "becomes", "path", "line", "word"),
    [
        ("id: vienna", "id: Vienna!", "regions[0].id", 3, "must match"),
        ("id: vienna", "id: 12", "regions[0].id", 3, "string"),
        ("id: vienna", "id: " + "a" * 17, "regions[0].id", 3, "must match"),
        ("48.3]", "47.3]", "regions[0].aoi.bbox", 4, "south"),
        ("angle: none", "angle: steep", "regions[0].request.angle", 6, "must be"),
        ("angle: none", "colour: red", "regions[0].request.colour", 6, "`s1ratio schema`"),
        ("angle: none", "priority: 3", "regions[0].request.priority", 6, "own"),
        ("30 2 1", "'*/5 2 1", "regions[0].schedule.cron", 8, "without *"),
        ("30 2 1 * *", "30 2 31 2 *", "regions[0].schedule.cron", 8, "no schedule"),
        ("Europe/Vienna", "Europe/Wien", "regions[0].schedule.zone", 9, "IANA"),
        ("unit: month", "unit: week", "regions[0].period.unit", 10, "must be one of"),
        ("kind: calendar, unit: month", "kind: last_days", "regions[0].period.n", 10, "required"),
        ("kind: calendar", "kind: weekly", "regions[0].period", 10, "must be one of"),
        ("2027-06-01", "2027-02-30", "regions[0].end", 11, "no day"),
        ("owner: us", "ovner: us", "regions[0].ovner", 12, "`s1ratio regions schema`"),
        ("    owner: us", "    trigger: new", "regions[0].trigger", 12, "must be one of"),
        ("version: 1", "version: 2", "version", 1, "number 1"),
    ],
)
def test_a_fault_names_line_and_field(  # noqa: PLR0917
    tmp_path: Path, was: str, becomes: str, path: str, line: int, word: str
) -> None:
    text = GOOD.replace(was, becomes)
    if becomes.startswith("'"):
        text = text.replace("'*/5 2 1 * *", "'*/5 2 1 * *'")
    (found,) = faults(tmp_path, text)
    assert found.startswith(f"{path}: line {line}: ")
    assert word in found


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("vienna", "VIENNA").replace("unit: month", "unit: x") + GOOD[19:]
    found = faults(tmp_path, text.replace("owner: us", "note: 5"))
    assert len(found) == 4


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "nothing in it"),
        ("regions: [", "did not find"),
        ("- 1", "must be a mapping"),
        ("regions: []", "one region or more"),
        ("a: &x [1]\nregions: *x", "alias"),
        ("regions:\n  - id: a\n    id: b\n", "line 3: 'id' stands twice"),
        (b"\xff\xfe", "UTF-8"),
        ("regions: !!python/object:os.system {}", "must be a list"),
        ("[" * 300 + "]" * 300, "nested"),
    ],
)
def test_what_is_no_file_of_regions_is_told(tmp_path: Path, text: str | bytes, word: str) -> None:
    assert word in "; ".join(faults(tmp_path, text))


def test_an_id_stands_once_and_a_file_has_an_end(tmp_path: Path) -> None:
    entry = GOOD[GOOD.index("  - id") :]
    (found,) = faults(tmp_path, GOOD + entry)
    assert found == "regions[1].id: line 13: 'vienna' is the id of regions[0] already"
    many = "regions:\n" + "".join(f"  - {{id: r{n}}}\n" for n in range(MAX_REGIONS + 1))
    assert "split the file" in faults(tmp_path, many)[0]


def test_a_schedule_is_needed_where_it_makes_things_due(tmp_path: Path) -> None:
    text = GOOD.replace("    schedule:\n      cron: 30 2 1 * *\n      zone: Europe/Vienna\n", "")
    (found,) = faults(tmp_path, text)
    assert "needs a `schedule`" in found
    (region,) = read(tmp_path, text + "    trigger: new_scenes\n")
    assert region.schedule is None


def test_limits_of_the_deployment_hold(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="at most 10 km"):
        read(tmp_path, GOOD, Limits(max_area_km2=10, today=date(2026, 11, 30)))


def test_the_json_schema_takes_what_is_read_and_refuses_what_is_not(tmp_path: Path) -> None:
    schema = regions_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema).is_valid
    path = tmp_path / "r.yaml"
    path.write_text(GOOD, encoding="utf-8")
    good = read_region_file(path).data
    assert check(good)
    for name, value in (("id", "A"), ("ovner", "x"), ("period", {"kind": "week"}), ("aoi", 3)):
        assert not check({"regions": [{**good["regions"][0], name: value}]}), name
