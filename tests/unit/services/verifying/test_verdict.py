"""Verification by its rules: hand-made listings and file descriptions, no pixels."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from pyproj import CRS, Transformer
from shapely import Polygon
from shapely.geometry import box

from s1ratio.aoi import Aoi
from s1ratio.errors import ObjectMissing, ObjectStoreUnavailable, UnreadableRaster
from s1ratio.grid import PixelGrid
from s1ratio.plan import ExportTask
from s1ratio.ports import RasterFile, RasterLook, StoredObject
from s1ratio.request import CompositeRequest, Direction
from s1ratio.services.verifying.verdict import Verdict, judge_outputs
from s1ratio.task import Task, TaskState, planned
from tests.support.task_fields import with_fields

STARTED = datetime(2024, 5, 1, 12, tzinfo=UTC)
BANDS = ("vvvh_db_median", "vvvh_db_stdDev", "vvvh_db_count")
GRID = PixelGrid("EPSG:32633", 10.0, 50_000, 555_000, 100, 80)
NAME = "composites/req/req-o131a"


def utm(left: float, top: float, right: float, bottom: float) -> Aoi:
    """An area given in pixels of GRID, columns rightward and rows downward."""
    back = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return Aoi(Polygon([back.transform(500_000 + x * 10, 5_550_000 - y * 10) for x, y in corners]))


WHOLE = utm(0.5, 0.5, 99.5, 79.5)
REQUEST = CompositeRequest.model_validate_json(
    '{"aoi": {"bbox": [15, 50, 15.01, 50.01]}, "start": "2024-01-01", "end": "2024-02-01"}'
)


def task(grid: PixelGrid = GRID, attempt: int = 1) -> Task:
    plan = ExportTask("req-o131a", "req", 131, Direction.ASCENDING, grid, BANDS, "composites/req")
    return with_fields(
        planned(plan, STARTED, 100, STARTED),
        state=TaskState.SUCCEEDED,
        attempt=attempt,
        starting_at=STARTED,
        operation="projects/p/operations/OP",
    )


def described(
    name: str, left: int = 0, top: int = 0, width: int = 100, height: int = 80
) -> RasterFile:
    """A right file at a place in pixels of GRID."""
    transform = (10.0, 0.0, 500_000.0 + left * 10, 0.0, -10.0, 5_550_000.0 - top * 10)
    return RasterFile(
        name, "EPSG:32633", transform, (height, width), BANDS, "float32", -9999.0, True
    )


class World:
    """A bucket and what reading its files gives."""

    bucket = "bucket"

    def __init__(self, *files: RasterFile | tuple[str, Exception]) -> None:
        self.files = {f.name if isinstance(f, RasterFile) else f[0]: f for f in files}
        self.written = {name: STARTED + timedelta(minutes=9) for name in self.files}
        self.searched: list[str] = []

    def list(self, prefix: str) -> list[StoredObject]:
        names = [name for name in self.files if name.startswith(prefix)]
        return [StoredObject(name, 1000, self.written[name]) for name in names]

    def read(self, name: str, start: int, length: int) -> bytes:  # noqa: ARG002
        raise AssertionError("files are opened by the raster reader")

    def describe(self, name: str, metadata: Mapping[str, str]) -> None:  # noqa: ARG002
        raise AssertionError("a verdict describes nothing")

    def opened(self, item: StoredObject, search: bool) -> RasterFile:
        file = self.files[item.name]
        if not isinstance(file, RasterFile):
            raise file[1]
        if search:
            self.searched.append(item.name)
        return file if search else replace(file, has_data=None)

    def verdict(
        self, aoi: Aoi = WHOLE, clip: bool = True, grid: PixelGrid = GRID, attempt: int = 1
    ) -> Verdict:
        wanted = REQUEST.model_copy(update={"aoi": aoi, "clip": clip})
        return judge_outputs(task(grid, attempt), wanted, self, Opening(self))


class Opening:
    """The files of a world, as a RasterReader."""

    def __init__(self, world: World) -> None:
        self._world = world

    def read(
        self, item: StoredObject, search: bool = True, among: int = 1, area: object = None
    ) -> RasterFile:
        assert among >= 1
        assert area is not None
        return self._world.opened(item, search)

    def look(self, item: StoredObject) -> RasterLook:
        raise AssertionError(f"a verdict looks at nothing from afar: {item}")


def codes(verdict: Verdict) -> list[str]:
    assert (verdict.state is TaskState.FAILED) == bool(verdict.faults)
    return [fault.code for fault in verdict.faults]


def shard(row: int, column: int, **place: int) -> RasterFile:
    return described(f"{NAME}{row:010d}-{column:010d}.tif", **place)


def test_a_file_as_planned_is_verified_without_a_note():
    verdict = World(described(f"{NAME}.tif")).verdict()
    assert verdict == Verdict(TaskState.VERIFIED, (f"{NAME}.tif",))
    assert verdict.error is None


def test_no_file_is_a_fault():
    assert codes(World().verdict()) == ["missing"]


@pytest.mark.parametrize(
    ("before", "state"),
    [(timedelta(minutes=1), TaskState.VERIFIED), (timedelta(minutes=3), TaskState.FAILED)],
)
def test_only_files_newer_than_the_start_count_with_two_minutes_for_the_clocks(before, state):
    world = World(described(f"{NAME}.tif"))
    world.written[f"{NAME}.tif"] = STARTED - before
    verdict = world.verdict()
    assert verdict.state is state
    if state is TaskState.FAILED:
        assert "1 older" in (verdict.error or "")


@pytest.mark.parametrize(
    "rest",
    [
        "-a2.tif",
        "-a20000000000-0000000000.tif",
        "-q0.tif",
        "-t0001.tif",
        "-t00010000000000-0000000000.tif",
        "b.tif",
        "0.tif",
        "00000000000-0000000000.tif",
        "-0000000000.tif",
        ".tif.aux.xml",
        "/0000000000-0000000000.tif",
        "-0000000000-0000000000.csv",
    ],
)
def test_files_of_others_are_not_this_tasks(rest):
    assert codes(World(described(NAME + rest)).verdict()) == ["missing"]
    both = World(described(f"{NAME}.tif"), (NAME + rest, UnreadableRaster("not ours")))
    assert both.verdict().files == (f"{NAME}.tif",)


def test_a_later_attempt_has_files_of_its_own():
    world = World(described(f"{NAME}.tif"), described(f"{NAME}-a2.tif"))
    assert world.verdict(attempt=2).files == (f"{NAME}-a2.tif",)
    assert codes(World(described(f"{NAME}-a20.tif")).verdict(attempt=2)) == ["missing"]


@pytest.mark.parametrize("mark", ["", "-", "_", "."])
def test_shards_are_one_output_whatever_stands_before_their_suffix(mark):
    left = described(f"{NAME}{mark}0000000000-0000000000.tif", width=60)
    right = described(f"{NAME}{mark}0000000000-0000000060.tif", left=60, width=40)
    verdict = World(right, left).verdict()
    assert verdict == Verdict(TaskState.VERIFIED, (left.name, right.name))


def test_where_a_shard_lies_is_read_from_the_file_not_from_its_name():
    swapped = World(shard(0, 0, left=60, width=40), shard(0, 60, width=60))
    assert swapped.verdict().state is TaskState.VERIFIED
    twice = World(shard(0, 0, width=60), shard(0, 60, width=60)).verdict()
    assert codes(twice) == ["shards", "coverage"]


def test_a_missing_shard_is_a_fault_where_the_area_needs_it():
    world = World(shard(0, 0, width=60))
    assert codes(world.verdict()) == ["coverage"]
    in_the_rest = utm(5, 5, 55, 70)
    assert codes(world.verdict(in_the_rest, clip=False)) == ["coverage"]
    verdict = world.verdict(in_the_rest)
    assert verdict.state is TaskState.VERIFIED
    assert any("outside the area" in note for note in verdict.notes)


def test_a_seam_between_shards_is_a_gap_and_a_fault():
    seam = World(shard(0, 0, width=60), shard(0, 60, left=61, width=39))
    assert codes(seam.verdict()) == ["coverage"]


@pytest.mark.parametrize(
    "places",
    [
        [(0, 0, 60, 80), (59, 0, 41, 80)],  # they overlap by one pixel
        [(0, 0, 100, 80), (0, 0, 50, 40)],  # one lies in the other
        [(0, 0, 50, 80), (50, 0, 50, 80), (40, 0, 40, 80)],  # a shard of another run
        [(0, 0, 50, 40), (50, 0, 50, 40), (0, 40, 60, 40), (60, 40, 40, 40)],  # two cuts
        [(0, 0, 50, 80), (50, 0, 50, 30), (50, 30, 50, 50)],  # one column cut once more
    ],
)
def test_shards_of_two_runs_are_a_fault(places):
    shards = [
        shard(number, 0, left=left, top=top, width=width, height=height)
        for number, (left, top, width, height) in enumerate(places)
    ]
    assert codes(World(*shards).verdict()) == ["shards"]


@pytest.mark.parametrize(
    ("place", "note"),
    [
        ({"left": -1, "width": 101}, "1 px more than planned on side W"),
        ({"left": 1, "width": 99}, "1 px less than planned on side W"),
        ({"top": -1, "height": 81}, "1 px more than planned on side N"),
        ({"top": 1, "height": 79}, "1 px less than planned on side N"),
        ({"width": 101}, "1 px more than planned on side E"),
        ({"width": 99}, "1 px less than planned on side E"),
        ({"height": 81}, "1 px more than planned on side S"),
        ({"height": 79}, "1 px less than planned on side S"),
    ],
)
def test_a_pixel_more_or_less_on_a_side_is_a_note(place, note):
    verdict = World(described(f"{NAME}.tif", **place)).verdict()
    assert (verdict.state, verdict.notes) == (TaskState.VERIFIED, (note,))


@pytest.mark.parametrize(
    "place",
    [
        {"height": 90},
        {"height": 580},
        {"width": 102},
        {"left": -2, "width": 102},
        {"top": -500, "height": 580},
    ],
)
def test_two_pixels_more_on_a_side_are_a_fault(place):
    assert codes(World(described(f"{NAME}.tif", **place)).verdict()) == ["size"]


@pytest.mark.parametrize(
    "place",
    [{"left": 2, "width": 98}, {"top": 2, "height": 78}, {"width": 98}, {"height": 78}],
)
def test_two_pixels_less_on_a_side_are_a_fault_if_the_area_has_them(place):
    world = World(described(f"{NAME}.tif", **place))
    assert codes(world.verdict()) == ["coverage"]
    assert codes(world.verdict(clip=False)) == ["coverage"]
    inside = world.verdict(utm(10, 10, 90, 70))
    assert inside.state is TaskState.VERIFIED
    assert inside.notes[0].startswith("2 px less")


def test_a_file_somewhere_else_on_the_lattice_covers_nothing():
    assert codes(World(described(f"{NAME}.tif", left=1000)).verdict()) == ["size", "coverage"]


@pytest.mark.parametrize("side", [1, 2])
def test_a_grid_too_small_to_miss_a_pixel_must_be_covered(side):
    small = PixelGrid("EPSG:32633", 10.0, 50_000, 555_000, side, side)
    spot = utm(0.2, 0.2, side - 0.2, side - 0.2)
    right = World(described(f"{NAME}.tif", width=side, height=side))
    assert right.verdict(spot, grid=small).state is TaskState.VERIFIED
    beside = World(described(f"{NAME}.tif", left=1, width=side, height=side))
    assert codes(beside.verdict(spot, grid=small)) == ["coverage"]


@pytest.mark.parametrize("crs", ["EPSG:32632", "EPSG:4326", "", "no crs at all"])
def test_another_crs_is_a_fault(crs):
    assert codes(World(replace(described(f"{NAME}.tif"), crs=crs)).verdict()) == ["crs"]


def test_a_crs_spelt_out_is_the_same_crs():
    spelt = replace(described(f"{NAME}.tif"), crs=CRS.from_epsg(32633).to_wkt("WKT1_GDAL"))
    assert World(spelt).verdict().state is TaskState.VERIFIED


@pytest.mark.parametrize(
    "change",
    [
        {0: 10.0001},
        {4: -10.0001},
        {4: 10.0},  # south up
        {0: 20.0, 4: -20.0},
        {1: 0.01},
        {3: 0.01},
        {0: float("nan")},
    ],
)
def test_another_resolution_is_a_fault(change):
    file = described(f"{NAME}.tif")
    transform = tuple(change.get(i, value) for i, value in enumerate(file.transform))
    assert codes(World(replace(file, transform=transform)).verdict()) == ["resolution"]


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(5.0, ["lattice"]), (0.1, ["lattice"]), (0.001, []), (10.0, []), (float("inf"), ["lattice"])],
)
@pytest.mark.parametrize("axis", [2, 5])
def test_pixels_must_lie_on_the_lattice(axis, offset, expected):
    file = described(f"{NAME}.tif")
    moved = list(file.transform)
    moved[axis] += offset
    a, b, c, d, e, f = moved
    assert codes(World(replace(file, transform=(a, b, c, d, e, f))).verdict()) == expected


@pytest.mark.parametrize(
    "bands", [BANDS[:2], BANDS[::-1], ("", "", ""), (*BANDS, "angle"), ("a", *BANDS[1:])]
)
def test_other_bands_are_a_fault(bands):
    assert codes(World(replace(described(f"{NAME}.tif"), bands=bands)).verdict()) == ["bands"]


def test_an_incomplete_file_is_a_fault_and_so_is_one_that_went_away():
    for error in (UnreadableRaster("it is no TIFF"), ObjectMissing("gone")):
        assert codes(World((f"{NAME}.tif", error)).verdict()) == ["incomplete"]


def test_all_faults_are_told_at_once():
    broken = (f"{NAME}0000000000-0000000060.tif", UnreadableRaster("it is no TIFF"))
    wrong = replace(shard(0, 0, width=60), crs="EPSG:32632", bands=("x",))
    verdict = World(wrong, broken).verdict()
    assert sorted(codes(verdict)) == ["bands", "crs", "incomplete"]
    assert verdict.error is not None
    assert wrong.name in verdict.error
    assert broken[0] in verdict.error


def test_trouble_with_the_bucket_is_no_verdict():
    with pytest.raises(ObjectStoreUnavailable):
        World((f"{NAME}.tif", ObjectStoreUnavailable("timeout"))).verdict()


@pytest.mark.parametrize(
    ("found", "state", "noted"),
    [
        ((True, False), TaskState.VERIFIED, False),
        ((False, True), TaskState.VERIFIED, False),
        ((False, False), TaskState.EMPTY, False),
        ((None, True), TaskState.VERIFIED, False),
        ((False, None), TaskState.VERIFIED, True),
        ((None, None), TaskState.VERIFIED, True),
    ],
)
def test_empty_means_that_no_shard_has_a_valid_pixel(found, state, noted):
    left = replace(shard(0, 0, width=60), has_data=found[0])
    right = replace(shard(0, 60, left=60, width=40), has_data=found[1])
    verdict = World(left, right).verdict()
    assert verdict.state is state
    assert bool(verdict.notes) is noted
    assert len(verdict.files) == 2


def test_a_quarter_outside_of_a_clipped_area_is_empty_and_no_fault():
    """A part of a split task needs what its own grid has of the area: here nothing."""
    corner = utm(1, 1, 20, 20)
    for number, quarter in enumerate(GRID.quarters()):
        left, top = quarter.left - GRID.left, GRID.top - quarter.top
        file = described(f"{NAME}.tif", left, top, quarter.width, quarter.height)
        world = World(replace(file, has_data=number == 0))
        found = world.verdict(corner, grid=quarter)
        expected = TaskState.EMPTY if number else TaskState.VERIFIED
        assert (found.state, found.faults) == (expected, ())


def test_once_a_shard_has_data_no_other_is_searched():
    world = World(*(shard(0, i, left=i, width=20) for i in range(0, 100, 20)))
    assert world.verdict().state is TaskState.VERIFIED
    assert world.searched == [f"{NAME}0000000000-0000000000.tif"]


@pytest.mark.parametrize("nodata", [None, 0.0, -32768.0, 9999.0, float("nan")])
def test_another_value_for_no_data_is_a_fault(nodata):
    verdict = World(replace(described(f"{NAME}.tif"), nodata=nodata)).verdict()
    assert codes(verdict) == ["no_data"]


@pytest.mark.parametrize("dtype", ["float64", "float16", "int16", "uint8", "complex64"])
def test_pixels_of_another_type_are_a_fault(dtype):
    assert codes(World(replace(described(f"{NAME}.tif"), dtype=dtype)).verdict()) == ["dtype"]


def test_degrees_have_the_same_rules():
    size = 10 / 111319.49079327357
    left, top = round(14 / size), round(-17 / size)
    grid = PixelGrid("EPSG:4326", size, left, top, 400, 300)
    area = Aoi(box((left + 1) * size, (top - 299) * size, (left + 399) * size, (top - 1) * size))
    transform = (size, 0.0, left * size, 0.0, -size, top * size)
    file = replace(
        described(f"{NAME}.tif", width=400, height=300), crs="EPSG:4326", transform=transform
    )
    assert World(file).verdict(area, grid=grid) == Verdict(TaskState.VERIFIED, (file.name,))
    spelt = replace(file, crs="OGC:CRS84")  # the same but for its axes
    assert World(spelt).verdict(area, grid=grid).state is TaskState.VERIFIED
    metres = replace(file, transform=(10.0, *transform[1:]))
    assert codes(World(metres).verdict(area, grid=grid)) == ["resolution"]
    half = replace(file, shape=(300, 200))
    assert codes(World(half).verdict(area, grid=grid)) == ["coverage"]
