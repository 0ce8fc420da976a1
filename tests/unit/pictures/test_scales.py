"""One table of stretches: all bands there may be, on pictures and in styles alike."""

import itertools

import numpy as np
import pytest

from s1ratio.pictures.colouring import rgb_of
from s1ratio.pictures.legend import RAMP, RAMP_AT
from s1ratio.pictures.palettes import BACKSCATTER, COUNT, MASKED, RATIO, SPREAD
from s1ratio.pictures.qgis_style import write_style
from s1ratio.pictures.scales import SCALES
from s1ratio.request import Product, Statistic
from tests.unit.pictures.shown import INVENTED, SUBJECT, Picture, Style, overview

UNITS = {
    "vvvh_db": "dB",
    "vvvh_linear": "1",
    "VVdVH": "1",
    "vv_db": "dB",
    "vh_db": "dB",
    "vv_linear": "1",
    "vh_linear": "1",
}
# What land and water may have, from the literature and from the real scenes of the tests.
USUAL = {"vvvh_db": (5, 13), "vv_db": (-20, -5), "vh_db": (-27, -12), "VVdVH": (0.4, 0.9)}
BANDS = [f"{product.band}_{statistic}" for product in Product for statistic in Statistic]


def test_the_table_has_each_band_that_an_export_may_have() -> None:
    assert sorted(SCALES) == sorted(BANDS)


@pytest.mark.parametrize("band", BANDS)
def test_a_band_has_its_unit_and_a_stretch_that_shows_what_is_usual(band: str) -> None:
    product, statistic = band.rsplit("_", 1)
    scale = SCALES[band]
    assert scale.unit == ("passes" if statistic == "count" else UNITS[product])
    assert scale.low < scale.high
    if statistic in {"stdDev", "count"}:
        assert scale.low == 0
    else:
        low, high = USUAL.get(product, (scale.low, scale.high))
        assert scale.low <= low < high <= scale.high
    assert scale.ticks[0] == scale.low
    assert scale.ticks[-1] == scale.high
    steps = np.diff(scale.ticks)
    assert np.allclose(steps, steps[0])
    assert all(float(f"{step:.1g}") == pytest.approx(step) for step in steps)


@pytest.mark.parametrize("band", BANDS)
def test_a_picture_its_legend_and_its_style_have_the_same_colours(band: str) -> None:
    scale = SCALES[band]
    span = scale.high - scale.low
    values = scale.low + span * np.array([-0.5, 0, 0.03, 0.25, 0.5, 0.77, 0.999, 1, 1.5])
    style = Style(write_style(scale, SUBJECT, 1))
    picture = Picture(overview(values[None, :]), band)
    zoom = picture.frame.zoom
    for i, value in enumerate(values):
        drawn = picture.raster[0, i * zoom].astype(int)
        assert np.abs(drawn - style.colour(float(value))).max() <= 1, value
    (left, bottom), (width, height) = RAMP_AT, RAMP
    for share in (0, 0.1, 0.5, 0.9, 1):
        x = left + share * (width - 1)
        seen = np.array(picture.at(x, bottom + height / 2))
        steepest = 6  # levels a px of the ramp
        assert np.abs(seen - style.colour(scale.low + share * span)).max() <= steepest
    assert scale.label in picture.words
    assert {f"{number:.3g}".replace("-", "−") for number in scale.ticks} <= set(picture.words)
    assert ("no unit" if scale.unit == "1" else scale.unit) in picture.words
    assert style.renderer.attrib["classificationMin"] == repr(float(scale.low))
    assert style.renderer.attrib["classificationMax"] == repr(float(scale.high))
    unit = "" if scale.unit == "1" else f" {scale.unit}"
    assert all(label == f"{value:.4g}{unit}" for value, _, label in style.items)


@pytest.mark.parametrize("palette", [RATIO, BACKSCATTER, SPREAD, COUNT])
def test_what_is_masked_is_like_no_value_and_ramps_only_get_lighter(palette) -> None:
    stops = np.array([rgb_of(colour) for colour in palette], dtype=float)
    fine = np.concatenate([np.linspace(a, b, 20) for a, b in itertools.pairwise(stops)])
    lightness = fine @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(lightness) > -0.5).all()
    for tone in MASKED:
        assert np.linalg.norm(fine - rgb_of(tone), axis=1).min() > 25


@pytest.mark.parametrize("band", BANDS)
def test_a_style_says_which_band_and_when_scenes_are_invented(band: str) -> None:
    for number, subject in ((1, SUBJECT), (3, INVENTED)):
        qml = write_style(SCALES[band], subject, number)
        style = Style(qml)
        assert style.renderer.attrib["band"] == str(number)
        assert style.renderer.attrib["type"] == "singlebandpseudocolor"
        assert style.shader.attrib["colorRampType"] == "INTERPOLATED"
        assert style.root.findtext("pipe/rasterrenderer/minMaxOrigin/limits") == "None"
        assert ("synthetic" in qml.decode().lower()) is subject.synthetic
        assert all(("synthetic" in label) is subject.synthetic for *_, label in style.items)
        values = [value for value, *_ in style.items]
        assert values == sorted(set(values))
        notes = style.root.find("userNotes")
        assert notes is not None
        assert SCALES[band].label in notes.attrib["value"]
        assert "orbit 22 descending" in notes.attrib["value"]
