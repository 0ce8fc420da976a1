"""What is on a picture: rasters of all sizes and grids, masks, words, and what is invented."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from s1ratio.pictures.colouring import rgb_of
from s1ratio.pictures.overview import Overview
from s1ratio.pictures.palettes import MASKED
from s1ratio.pictures.sheet import Sheet
from tests.unit.pictures.shown import INVENTED, UTM, Picture, overview, words

TONES = {rgb_of(tone) for tone in MASKED}


def colours(raster: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(map(int, each)) for each in np.unique(raster.reshape(-1, 3), axis=0)}


@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 7), (599, 2), (600, 30), (2, 1200), (299, 301), (100, 100)]
)
def test_a_raster_is_zoomed_by_a_whole_number_to_600_px_at_least(shape: tuple[int, int]) -> None:
    values = np.random.default_rng(1).uniform(4, 14, shape)
    picture = Picture(overview(values))
    height, width = picture.raster.shape[:2]
    zoom = picture.frame.zoom
    assert (height, width) == (shape[0] * zoom, shape[1] * zoom)
    assert 600 <= max(height, width) <= 1200
    blocks = picture.raster.reshape(shape[0], zoom, shape[1], zoom, 3)
    assert (blocks == blocks[:, :1, :, :1]).all(), "nothing is interpolated"


@pytest.mark.parametrize("band", ["vvvh_db_median", "vv_db_mean", "vh_db_stdDev", "vvvh_db_count"])
@pytest.mark.parametrize("gap", [np.nan, np.inf, -np.inf])
def test_masked_pixels_differ_from_the_lowest_values(band: str, gap: float) -> None:
    values = np.full((300, 300), -1e6)
    values[:, 150:] = gap
    picture = Picture(overview(values), band)
    lowest, masked = colours(picture.raster[:, :300]), colours(picture.raster[:, 300:])
    assert len(lowest) == 1
    assert masked == TONES
    assert all(
        np.linalg.norm(np.subtract(*pair)) > 100 for pair in itertools.product(lowest, masked)
    )


def test_a_single_masked_pixel_is_seen() -> None:
    values = np.full((700, 700), 9.0)
    values[350, 350] = np.nan
    picture = Picture(overview(values))
    assert colours(picture.raster) & TONES


@pytest.mark.parametrize("shape", [(1, 1), (400, 300)])
def test_a_picture_of_nothing_is_one(shape: tuple[int, int]) -> None:
    picture = Picture(overview(np.full(shape, np.nan)))
    assert colours(picture.raster) == TONES
    assert "masked: no data" in picture.words


def test_it_says_what_when_and_from_where() -> None:
    told = words(overview(np.ones((500, 400))))
    assert told[:3] == [
        "VV − VH, median [dB]",
        "Sentinel-1 · orbit 22 descending · 2023-05-01 ≤ t < 2023-07-01, UTC",
        "req-o022d · EPSG:32633 · pixels of 10 m × 10 m · focal median of 100 m",
    ]
    assert {"1 km", "N", "masked: no data", "dB"} <= set(told)


@pytest.mark.parametrize(
    ("crs", "transform", "expected", "none"),
    [
        ("EPSG:4326", (1e-4, 0, 179.98, 0, -1e-4, 60), "500 m along rows", "1 km"),
        ("EPSG:3413", (1000, 0, -200_000, 0, -1000, 200_000), "+ North Pole", "N"),
        ("EPSG:3031", (1000, 0, -200_000, 0, -1000, 200_000), "+ South Pole", "N"),
        ("EPSG:3413", (1000, 0, 800_000, 0, -1000, 200_000), "N", "+ North Pole"),
        ("EPSG:3413", (1000, 0, 800_000, 0, -1000, 200_000),
         "scale and north: in the middle of the picture", "+ North Pole"),
        ("", UTM, "req-o022d · no coordinate system · focal median of 100 m", "N"),
        ("EPSG:4326", (1e-4, 0, 10, 0, -1e-4, 100), "req-o022d · EPSG:4326 · focal median of 100 m",
         "N"),
    ],
)  # fmt: skip
def test_what_a_grid_makes_of_the_frame(crs, transform, expected: str, none: str) -> None:
    told = words(overview(np.ones((400, 400)), crs, transform))
    assert expected in told
    assert none not in told


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    """Black, then white: its black half ends after half of 1 km, 50 px of 10 m, zoomed twice."""
    picture = Picture(overview(np.ones((500, 400))))
    row = [picture.at(x, 77) for x in range(450, picture.frame.width)]
    black = [x for x, colour in enumerate(row) if max(colour) < 60]
    run = max((len(list(g)) for k, g in itertools.groupby(max(c) < 60 for c in row) if k))
    assert black
    assert run == pytest.approx(50 * 2 * 0.9996, abs=2.5)


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (480, 440)])
def test_invented_scenes_are_told_above_and_in_the_picture(shape: tuple[int, int]) -> None:
    values = overview(np.full(shape, 9.0))
    told, untold = Picture(values, subject=INVENTED), Picture(values)
    assert "SYNTHETIC: computed from invented scenes, not from what a satellite saw" in told.words
    assert told.texts["Description"].startswith("SYNTHETIC")
    if min(shape) > 3:
        assert "synthetic" in told.words
        assert len(colours(told.raster)) > 1
    assert not [word for word in untold.words if "synthetic" in word.lower()]
    assert "synthetic" not in str(untold.texts).lower()


def test_a_coarse_picture_says_so_and_keeps_its_scale() -> None:
    values = np.ones((1000, 800), dtype="float32")
    told = words(Overview(values, "EPSG:32633", UTM, (20_000, 16_000)))
    assert (
        "req-o022d · EPSG:32633 · pixels of 10 m × 10 m · shown 1 : 20 · focal median of 100 m"
        in told
    )
    assert "20 km" in told


def test_the_same_picture_is_the_same_bytes_whatever_matplotlib_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib as mpl  # noqa: PLC0415

    values = overview(np.random.default_rng(2).uniform(0, 16, (60, 80)))
    first = Picture(values).png
    monkeypatch.chdir(tmp_path)
    with mpl.rc_context({"figure.facecolor": "black", "font.size": 30, "savefig.bbox": "tight"}):
        assert Picture(values).png == first
        assert mpl.rcParams["font.size"] == 30
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("length", [40, 80, 90, 94, 110, 160])
def test_words_stay_within_their_room_whatever_their_letters_are_rounded_to(length: int) -> None:
    words = "orbit 73 ascending · 2026-09-14T16:41:59.172Z ≤ t < 2026-09-14T16:44:25.172Z, UTC" * 2
    with Sheet(720, 400) as sheet:
        sheet.text((20, 20), words[:length], 14, 680)
        (text,) = sheet.figure.texts
        assert text.get_window_extent().width <= 680
        assert text.get_window_extent().width > 240, "no smaller than it must be"
