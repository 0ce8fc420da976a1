"""Real files as exports write them, spoilt in one way each: VERIFIED means readable and plausible.

The files lie in a folder; reader and rules are those of a deployment.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from shapely import Polygon, to_geojson

from s1ratio.adapters.bucket.raster import GcsRasterReader
from s1ratio.grid import PixelGrid
from s1ratio.plan import ExportTask
from s1ratio.request import CompositeRequest, Direction
from s1ratio.services.verifying.valid_share import ValidShare
from s1ratio.services.verifying.verdict import Verdict, judge_outputs
from s1ratio.task import TaskState, planned
from tests.support.exported_files import BANDS, LEFT, SIZE, TOP, Composite, export, make_composite
from tests.support.geotiffs import write_cog
from tests.support.object_stores import FolderStore
from tests.support.task_fields import with_fields

SIDE = 384
STEM = "composites/req/req-o131a"
NO_ANGLES = {"angle": "none"}
STARTED = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def composite() -> Composite:
    return make_composite(SIDE, SIDE)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / f"{STEM}.tif"


def area(side: float = SIDE, inset: float = 0.3) -> dict[str, Any]:
    """Nearly all of the grid, as GeoJSON."""
    back = Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    low, high = inset, side - inset
    corners = [(low, low), (high, low), (high, high), (low, high)]
    ring = [back.transform(LEFT + x * SIZE, TOP - y * SIZE) for x, y in corners]
    return json.loads(to_geojson(Polygon(ring)))


def judge(folder: Path, share: float | None = 1.0, side: int = SIDE, **fields: Any) -> Verdict:
    message = {"aoi": area(side), "start": "2024-01-01", "end": "2024-03-01", **NO_ANGLES, **fields}
    request = CompositeRequest.model_validate_json(json.dumps(message))
    grid = PixelGrid("EPSG:32633", SIZE, int(LEFT / SIZE), int(TOP / SIZE), side, side)
    plan = ExportTask(
        "req-o131a", "req", 131, Direction.ASCENDING, grid, request.bands, "composites/req"
    )
    task = with_fields(planned(plan, STARTED, 100, STARTED), state=TaskState.SUCCEEDED)
    store = FolderStore(folder)
    return judge_outputs(task, request, store, GcsRasterReader(store), share)


def codes(verdict: Verdict) -> set[str]:
    return {fault.code for fault in verdict.faults}


def changed(composite: Composite, **bands: Any) -> Composite:
    return replace(composite, bands=composite.bands | bands, valid=composite.valid.copy())


def masked(composite: Composite, where: Any) -> Composite:
    valid = composite.valid.copy()
    valid[where] = False
    return replace(composite, valid=valid)


def overwrite(path: Path, data: bytes, start: float, stop: float) -> None:
    """Put bytes over a part of a file, from and to a share of its length."""
    raw = bytearray(path.read_bytes())
    first, last = int(start * len(raw)), int(stop * len(raw))
    raw[first:last] = data[: last - first].ljust(last - first, b"\0")
    path.write_bytes(raw)


def test_a_genuine_export_is_verified_without_a_note(tmp_path, file, composite) -> None:
    export(file, composite)
    whole = ValidShare(pixels=SIDE**2, valid=1.0, twice=1.0, counted=1.0)
    assert judge(tmp_path) == Verdict(TaskState.VERIFIED, (f"{STEM}.tif",), seen=whole)


@pytest.mark.parametrize("is_noise", [False, True], ids=["fields", "noise"])
@pytest.mark.parametrize(
    "resampling", ["NEAREST", "AVERAGE", "BILINEAR", "CUBIC", "LANCZOS", "MODE", "RMS"]
)
def test_an_overview_may_be_made_in_any_way(tmp_path, resampling, is_noise) -> None:
    """How Earth Engine makes them is not documented."""
    side = 301  # odd: an overview's pixels don't lie over whole ones
    made = make_composite(side, side)
    noise = np.random.default_rng(5).normal(7, 3, (side, side)).clip(-4, 29)
    values = noise if is_noise else made.bands[BANDS[0]]
    data = np.stack([values, made.bands[BANDS[1]], made.bands[BANDS[2]]]).astype(np.float32)
    data[:, :100, :120] = -9999
    options = {"blocksize": 128, "OVERVIEW_RESAMPLING": resampling}
    write_cog(tmp_path / f"{STEM}.tif", data, BANDS, **options)
    found = judge(tmp_path, share=None, side=side)
    assert (found.state, found.faults) == (TaskState.VERIFIED, ())


def spoil_bytes_random(path: Path, made: Composite) -> None:
    export(path, made)
    overwrite(path, np.random.default_rng(1).bytes(path.stat().st_size), 0.05, 1.0)


def spoil_bytes_zero(start: float) -> Callable[[Path, Composite], None]:
    def spoil(path: Path, made: Composite) -> None:
        export(path, made)
        overwrite(path, b"", start, start + 0.25)

    return spoil


def spoil_pixels_zero(rows: slice, columns: slice) -> Callable[[Path, Composite], None]:
    def spoil(path: Path, made: Composite) -> None:
        bands = {name: values.copy() for name, values in made.bands.items()}
        for values in bands.values():
            values[rows, columns] = 0
        export(path, replace(made, bands=bands))

    return spoil


def spoil_all(value: float) -> Callable[[Path, Composite], None]:
    def spoil(path: Path, made: Composite) -> None:
        bands = {name: np.full_like(values, value) for name, values in made.bands.items()}
        export(path, replace(made, bands=bands))

    return spoil


def spoil_band(name: str, values: Callable[[Any], Any]) -> Callable[[Path, Composite], None]:
    def spoil(path: Path, made: Composite) -> None:
        export(path, changed(made, **{name: values(made.bands[name]).astype(np.float32)}))

    return spoil


def spoil_no_data(path: Path, made: Composite) -> None:
    export(path, make_bare(made, -9999.0), no_data=None)
    with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as opened:
        opened.nodata = None


def make_bare(made: Composite, value: float) -> Composite:
    return replace(made, bands={n: np.full_like(v, value) for n, v in made.bands.items()})


def spoil_overviews(values: Callable[[Any], Any]) -> Callable[[Path, Composite], None]:
    """Write other pixels, with overviews, and then ours in their place: overviews stay."""

    def spoil(path: Path, made: Composite) -> None:
        other = {name: values(band).astype(np.float32) for name, band in made.bands.items()}
        export(path, replace(made, bands=other))
        with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as opened:
            opened.write(np.stack([*made.bands.values()]))

    return spoil


def spoil_masks(*names: str) -> Callable[[Path, Composite], None]:
    def spoil(path: Path, made: Composite) -> None:
        nothing = np.zeros_like(made.valid)
        export(path, replace(made, masks=dict.fromkeys(names, nothing)))

    return spoil


def spoil_valid(where: Any) -> Callable[[Path, Composite], None]:
    def spoil(path: Path, made: Composite) -> None:
        export(path, masked(made, where))

    return spoil


def spoil_tiles(path: Path, made: Composite) -> None:
    """One tile of nine was written; the overviews are whole."""
    export(path, made)
    with rasterio.open(path, "r+", IGNORE_COG_LAYOUT_BREAK="YES") as opened:
        for (row, column), window in opened.block_windows(1):
            if (row, column) != (1, 1):
                opened.write(np.full((3, 128, 128), -9999, np.float32), window=window)


def spoil_size(path: Path, _: Composite) -> None:
    export(path, make_composite(SIDE, SIDE + 500))


def spoil_type(**options: Any) -> Callable[[Path, Composite], None]:
    def spoil(path: Path, made: Composite) -> None:
        export(path, made, **options)

    return spoil


def spoil_last_shard(path: Path, made: Composite) -> None:
    write_shards(path, made, 256)
    last = path.with_name(f"{path.stem}0000000256-0000000256.tif")
    zero = make_bare(made.part(256, 256, 128, 128), 0.0)
    export(last, zero, left=256, top=256)


def spoil_shards(*sides: int) -> Callable[[Path, Composite], None]:
    def spoil(path: Path, made: Composite) -> None:
        for side in sides:
            write_shards(path, made, side)

    return spoil


def spoil_both(path: Path, made: Composite) -> None:
    export(path, made)
    write_shards(path, made, 256)


def write_shards(path: Path, made: Composite, side: int) -> None:
    height, width = made.shape
    for top in range(0, height, side):
        for left in range(0, width, side):
            part = made.part(top, left, min(side, height - top), min(side, width - left))
            name = f"{path.stem}{top:010d}-{left:010d}.tif"
            export(path.with_name(name), part, left=left, top=top)


def shuffled(band: Any) -> Any:
    return np.random.default_rng(8).permutation(band.ravel()).reshape(band.shape)


HALF, QUARTER = SIDE // 2, SIDE // 4

IMPLAUSIBLE: dict[str, tuple[Callable[[Path, Composite], None], str]] = {
    "random bytes beyond the first 5 %": (spoil_bytes_random, "unreadable"),
    "a quarter of the bytes zeroed, the second": (spoil_bytes_zero(0.25), "unreadable"),
    "a quarter of the bytes zeroed, the third": (spoil_bytes_zero(0.5), "unreadable"),
    "a quarter of the bytes zeroed, the last": (spoil_bytes_zero(0.75), "unreadable"),
    "a quarter of the pixels zeroed, NW": (
        spoil_pixels_zero(slice(0, HALF), slice(0, HALF)),
        "zeros",
    ),
    "a quarter of the pixels zeroed, SW": (
        spoil_pixels_zero(slice(HALF, None), slice(0, HALF)),
        "zeros",
    ),
    "a quarter of the pixels zeroed, rows": (
        spoil_pixels_zero(slice(HALF, HALF + QUARTER), slice(None)),
        "zeros",
    ),
    "the last shard's pixels zeroed": (spoil_last_shard, "zeros"),
    "overviews of zeros": (spoil_overviews(np.zeros_like), "overviews"),
    "overviews of a shifted image": (spoil_overviews(lambda band: band + 3), "overviews"),
    "overviews of a scaled image": (spoil_overviews(lambda band: band * 0.5), "overviews"),
    "overviews of shuffled pixels": (spoil_overviews(shuffled), "overviews"),
    "overviews upside down": (spoil_overviews(lambda band: band[::-1]), "overviews"),
    "overviews all masked": (
        spoil_overviews(lambda band: np.full_like(band, -9999)),
        "overviews",
    ),
    "all -9999, and no word of no data": (spoil_no_data, "no_data"),
    "the median all masked": (spoil_masks("vvvh_db_median"), "masks"),
    "the standard deviation all masked": (spoil_masks("vvvh_db_stdDev"), "masks"),
    "no count": (spoil_masks("vvvh_db_count"), "masks"),
    "half of the area missing, E": (spoil_valid(np.s_[:, HALF:]), "share"),
    "half of the area missing, N": (spoil_valid(np.s_[:HALF]), "share"),
    "a quarter of the area missing": (spoil_valid(np.s_[HALF:, HALF:]), "share"),
    "1 tile of 9 written": (spoil_tiles, "overviews"),
    "1 tile of 9 in pixels and overviews": (spoil_valid(np.s_[128:]), "share"),
    "all 0": (spoil_all(0.0), "zeros"),
    "all 1e30": (spoil_all(1e30), "values"),
    "all infinite": (spoil_all(np.inf), "values"),
    "a median beyond the valid range": (
        spoil_band("vvvh_db_median", lambda band: band + 40),
        "values",
    ),
    "a median below the valid range": (
        spoil_band("vvvh_db_median", lambda band: band - 20),
        "values",
    ),
    "a standard deviation below 0": (spoil_band("vvvh_db_stdDev", np.negative), "values"),
    "a standard deviation of 0 over many passes": (
        spoil_band("vvvh_db_stdDev", np.zeros_like),
        "zeros",
    ),
    "half a pass": (spoil_band("vvvh_db_count", lambda band: band + 0.5), "values"),
    "a count below 0": (spoil_band("vvvh_db_count", np.negative), "values"),
    "more passes than days": (spoil_band("vvvh_db_count", lambda band: band * 1000), "values"),
    "float64": (spoil_type(dtype="float64"), "dtype"),
    "int16": (spoil_type(dtype="int16"), "dtype"),
    "no data -32768": (spoil_type(no_data=-32768.0), "no_data"),
    "no data 0": (spoil_type(no_data=0.0), "no_data"),
    "no data NaN": (spoil_type(no_data=None), "no_data"),
    "500 px too many": (spoil_size, "size"),
    "shards of two runs": (spoil_shards(128, 256), "shards"),
    "one file and shards": (spoil_both, "shards"),
}


@pytest.mark.parametrize("case", IMPLAUSIBLE)
def test_what_no_composite_can_be_fails(tmp_path, file, composite, case) -> None:
    spoil, code = IMPLAUSIBLE[case]
    spoil(file, composite)
    found = judge(tmp_path)
    assert found.state is TaskState.FAILED
    assert code in codes(found), found.error


HALF_IS_MISSING = spoil_valid(np.s_[:, HALF:])


@pytest.mark.parametrize(
    ("share", "fields", "words"),
    [
        (1.0, {"angle": "hird"}, "angles, 30.6399° to 45.2399°"),
        (0.97, {"angle": "gt40"}, "angles, 40° to 90°"),
        (1.0, {"angle": {"max": 38}}, "angles, 0° to 38°"),
        (1.0, {"valid_range": {"vvvh_db": [-4.9, 29.9]}}, "valid range"),
        (1.0, {"angle": {"min": 20, "max": 45}}, "angles, 20° to 45°"),
    ],
)
def test_what_may_explain_that_half_is_missing_makes_it_a_warning(
    file, composite, share, fields, words
) -> None:
    HALF_IS_MISSING(file, composite)
    found = judge(file.parents[2], share, **fields)
    assert (found.state, len(found.notes)) == (TaskState.VERIFIED, 1)
    assert words in found.notes[0]
    assert found.notes[0].startswith("only 50% of the area has data: ")
    assert found.seen == ValidShare(SIDE**2, 0.5, 0.5, 1.0)


@pytest.mark.parametrize(
    ("share", "where", "warning"),
    [
        (0.5, np.s_[:, HALF:], "only 50% of the area has data: its passes cover 50%"),
        (0.5, np.s_[:HALF], "only 50% of the area has data: its passes cover 50%"),
        # Within what is known of a scene's sides.
        (0.6, np.s_[:, HALF:], "only 50% of the area has data: its passes cover 60%"),
        (1.0, np.s_[:20, :40], None),
        (1.0, np.s_[:37], None),  # 90.4 % are there
        (1.0, np.s_[:39], "only 89% of the area has data: the rest is masked in the scenes"),
        # Single pixels of no power.
        (1.0, np.s_[::2, ::2], "only 75% of the area has data: the rest is masked in the scenes"),
        (0.0, np.s_[:300], "only 21% of the area has data: its passes cover 0%"),
        # The message named its orbits.
        (None, np.s_[:300], "only 21% of the area has data: what its passes cover was not asked"),
    ],
)
def test_what_the_passes_leave_out_is_no_fault_and_is_told(
    file, composite, share, where, warning
) -> None:
    spoil_valid(where)(file, composite)
    found = judge(file.parents[2], share)
    assert (found.state, found.faults) == (TaskState.VERIFIED, ())
    assert [note[: len(warning or "")] for note in found.notes] == ([warning] if warning else [])


def test_of_a_clipped_area_only_the_area_itself_must_have_data(tmp_path, file, composite) -> None:
    outside = np.ones((SIDE, SIDE), bool)
    outside[: SIDE // 3, : SIDE // 3] = False
    export(file, masked(composite, outside))
    found = judge(tmp_path, aoi=area(SIDE // 3))
    assert (found.state, found.notes) == (TaskState.VERIFIED, ())
    assert codes(judge(tmp_path, clip=False, aoi=area(SIDE))) == {"share"}


@pytest.mark.parametrize("count", [0.0, 7.0])
def test_all_masked_is_empty_and_no_fault(tmp_path, file, composite, count) -> None:
    nothing = np.zeros((SIDE, SIDE), bool)
    made = changed(composite, vvvh_db_count=np.full((SIDE, SIDE), count, np.float32))
    names = dict.fromkeys(BANDS[:2], nothing)
    export(file, replace(made, masks=names))
    found = judge(tmp_path, angle="hird")
    assert (found.state, found.faults) == (TaskState.EMPTY, ())
    assert any("have data" in note for note in found.notes) is (count > 0)
    export(file, masked(composite, np.s_[:]))
    assert judge(tmp_path, angle="hird").state is TaskState.EMPTY


def test_one_pass_alone_has_no_spread(tmp_path, file, composite) -> None:
    one = {
        "vvvh_db_stdDev": np.zeros((SIDE, SIDE), np.float32),
        "vvvh_db_count": np.ones((SIDE, SIDE), np.float32),
    }
    export(file, changed(composite, **one))
    found = judge(tmp_path)
    assert (found.state, found.faults) == (TaskState.VERIFIED, ())
    export(file, replace(changed(composite, **one), masks={BANDS[1]: np.zeros((SIDE, SIDE), bool)}))
    assert judge(tmp_path).state is TaskState.VERIFIED


@pytest.mark.parametrize(
    ("product", "value", "plausible"),
    [
        ("vv_db", -14.0, True),
        ("vv_db", -300.0, False),
        ("vh_db", 130.0, False),
        ("vv_linear", 0.2, True),
        ("vv_linear", -0.2, False),
        ("vh_linear", 1e30, False),
        ("vvvh_linear", 6.0, True),
        ("vvvh_linear", -1.0, False),
        ("vvvh_linear", 1e30, False),
        ("vvdvh_notebook", 0.6, True),
        ("vvdvh_notebook", 6.0, False),
    ],
)
def test_every_product_has_its_limits(tmp_path, file, product, value, plausible) -> None:
    made = make_composite(128, 128)
    noise = (made.bands[BANDS[0]] - 7) * 1e-3 * abs(value)
    bands = {"mean": value + noise, "min": value - abs(noise), "max": value + abs(noise)}
    name = "VVdVH" if product == "vvdvh_notebook" else product
    typed = {f"{name}_{key}": band.astype(np.float32) for key, band in bands.items()}
    export(file, replace(made, bands=typed))
    found = judge(tmp_path, side=128, products=[product], statistics=[*bands])
    assert codes(found) == (set() if plausible else {"values"})


def test_no_valid_range_at_all_leaves_what_physics_allows(tmp_path, file, composite) -> None:
    export(file, changed(composite, vvvh_db_median=composite.bands[BANDS[0]] + 40))
    assert judge(tmp_path, valid_range=None).state is TaskState.VERIFIED
    assert judge(tmp_path, valid_range={"vvvh_db": [0, 20]}).state is TaskState.FAILED


@pytest.mark.parametrize("side", [128, 192, 256])
def test_shards_of_one_run_are_verified(tmp_path, file, composite, side) -> None:
    write_shards(file, composite, side)
    found = judge(tmp_path)
    assert (found.state, found.notes) == (TaskState.VERIFIED, ())
    assert len(found.files) == (-(-SIDE // side)) ** 2


def test_one_number_everywhere_is_noted(tmp_path, file, composite) -> None:
    export(file, changed(composite, vvvh_db_median=np.full((SIDE, SIDE), 6, np.float32)))
    found = judge(tmp_path)
    assert found.state is TaskState.VERIFIED
    assert "every pixel that was looked at is 6" in found.notes[0]


def test_a_broken_block_is_named(tmp_path, file, composite) -> None:
    export(file, composite)
    with rasterio.open(file) as opened:
        at = int(opened.get_tag_item("BLOCK_OFFSET_2_1", "TIFF", bidx=1))
    raw = bytearray(file.read_bytes())
    raw[at : at + 500] = bytes(500)
    file.write_bytes(raw)
    (fault,) = judge(tmp_path).faults
    assert (fault.path, fault.code) == (f"{STEM}.tif", "unreadable")
    assert "block (row 1, column 2) of its pixels can't be decoded" in fault.message
