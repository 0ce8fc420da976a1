"""A composite's band as a PNG for people: colours, legend, scale bar, north, what and when.

The raster itself is put in pixel by pixel, so that a colour of the picture is a value of the
legend and nothing is interpolated.
"""

from typing import Final

from s1ratio.pictures.colouring import colour_values
from s1ratio.pictures.frame import MARGIN, Frame, frame_of
from s1ratio.pictures.ground import Ground, length_words, locate
from s1ratio.pictures.invented import INVENTED, SYNTHETIC
from s1ratio.pictures.legend import draw_legend, draw_north, draw_scale_bar
from s1ratio.pictures.overview import Overview
from s1ratio.pictures.scales import Scale
from s1ratio.pictures.sheet import EDGE, Sheet
from s1ratio.pictures.subject import Subject

_WARNING: Final = "#a3123a"
_LONG: Final = 20  # letters: a longer crs is no code


def draw_picture(overview: Overview, scale: Scale, subject: Subject) -> bytes:
    """Return the PNG of a band; its longer side has at least 600 px of raster.

    Small rasters are zoomed by whole numbers. Not in two threads at once. Raises pyproj's CRSError
    if the overview's crs is none.
    """
    frame = frame_of(overview.values.shape, banner=subject.synthetic)
    with Sheet(frame.width, frame.height) as sheet:
        compose(sheet, frame, overview, scale, subject)
        return sheet.png(Title=scale.label, Description=_description(scale, subject))


def compose(sheet: Sheet, frame: Frame, overview: Overview, scale: Scale, subject: Subject) -> None:
    """Put all of a picture on its sheet."""
    ground = _ground(overview)
    image = colour_values(overview.values, scale, frame.zoom)
    sheet.put(image, frame.left, frame.bottom, edged=True)
    _write_header(sheet, frame, subject, scale, _place_words(overview, ground))
    draw_legend(sheet, scale)
    if ground is not None:
        draw_scale_bar(sheet, frame, overview.shape, ground)
        draw_north(sheet, frame, overview.shape, ground)
    if subject.synthetic:
        _say_invented(sheet, frame)


def _description(scale: Scale, subject: Subject) -> str:
    words = f"{subject.name}: {subject.flown}; colours from {scale.stretch}; {subject.speckle}"
    return f"{INVENTED}. {words}" if subject.synthetic else words


def _ground(overview: Overview) -> Ground | None:
    if not overview.crs:
        return None
    return locate(overview.crs, overview.transform, overview.shape)


def _place_words(overview: Overview, ground: Ground | None) -> str:
    """Return coordinate system, the size of pixels, and how coarse the picture is, in words."""
    words = [_crs_words(overview.crs)]
    if ground is not None:
        across, down = length_words(ground.across_m), length_words(ground.down_m)
        words.append(f"pixels of {across} × {down}")
    if overview.shrink > 1:
        words.append(f"shown 1 : {overview.shrink:.3g}")
    return " · ".join(words)


def _crs_words(crs: str) -> str:
    if not crs:
        return "no coordinate system"
    return crs if len(crs) <= _LONG else "a coordinate system without a code"


def _write_header(sheet: Sheet, frame: Frame, subject: Subject, scale: Scale, place: str) -> None:
    room = frame.width - 2 * MARGIN
    top = frame.height - frame.banner
    sheet.text((MARGIN, top - 32), scale.label, 21, room, weight="bold")
    sheet.text((MARGIN, top - 56), subject.flown, 14, room)
    rest = " · ".join([subject.name, place, subject.speckle])
    sheet.text((MARGIN, top - 78), rest, 12, room, color=EDGE)


def _say_invented(sheet: Sheet, frame: Frame) -> None:
    """Say so above the picture, and in it where there is room: parts of pictures are shown, too."""
    bottom = frame.height - frame.banner
    sheet.box((0, bottom), frame.width, frame.banner, _WARNING, edge=0)
    room = frame.width - 2 * MARGIN
    sheet.text((MARGIN, bottom + 11), INVENTED, 15, room, color="white", weight="bold")
    if frame.shown[0] >= 120 and frame.shown[1] >= 40:
        box = {"facecolor": "white", "edgecolor": _WARNING, "alpha": 0.85, "pad": 3}
        where = frame.left + frame.shown[0] - 10, frame.bottom + 12
        sheet.text(where, SYNTHETIC, 14, 100, ha="right", color=_WARNING, bbox=box)
