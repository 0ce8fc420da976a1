"""What stands below a picture: colours with their values, a length on the ground, north."""

import math
from typing import Final

from s1ratio.pictures.colouring import masked_pattern, ramp
from s1ratio.pictures.frame import MARGIN, Frame
from s1ratio.pictures.ground import Ground, length_words, round_length
from s1ratio.pictures.scales import Scale
from s1ratio.pictures.sheet import EDGE, INK, Sheet

RAMP: Final = (300, 16)  # px
RAMP_AT: Final = (MARGIN + 14, 74)
_MASK_AT: Final = (MARGIN + 14, 20)
_ARROW: Final = ((0.0, 16.0), (8.0, -16.0), (0.0, -8.0))  # px: the right half, tip upward
_LONGEST: Final = 200  # px of the scale bar


def draw_legend(sheet: Sheet, scale: Scale) -> None:
    """Draw the ramp with its ends, which stand for all beyond, its numbers, and the mask."""
    (width, height), (left, bottom) = RAMP, RAMP_AT
    sheet.put(ramp(scale, width, height), left, bottom)
    first, last = scale.palette[0], scale.palette[-1]
    for x, way, colour in ((left - 1.5, -10, first), (left + width + 1.5, 10, last)):
        corners = [(x, bottom), (x + way, bottom + height / 2), (x, bottom + height)]
        sheet.shape(corners, colour, EDGE)
    for number in scale.ticks:
        tick = left + width * (number - scale.low) / (scale.high - scale.low)
        sheet.line([(tick, bottom - 4), (tick, bottom)], 0.8)
        said = f"{number:.3g}".replace("-", "−")
        sheet.text((tick, bottom - 17), said, 12, 60, ha="center")
    unit = "no unit" if scale.unit == "1" else scale.unit
    sheet.text((left + width + 18, bottom + 3), unit, 13, 70)
    left, bottom = _MASK_AT
    sheet.put(masked_pattern(height, 2 * height), left, bottom, edged=True)
    sheet.text((left + 2 * height + 8, bottom + 3), "masked: no data", 12, 200)


def draw_scale_bar(sheet: Sheet, frame: Frame, shape: tuple[int, int], ground: Ground) -> None:
    """Draw a bar of a round length along the rows of a raster of a shape, true in its middle."""
    metres = ground.across_m * shape[1] / frame.shown[0]  # of a pixel of the picture
    length = round_length(_LONGEST * metres)
    pixels = length / metres
    right, bottom = frame.width - MARGIN - 60, RAMP_AT[1]
    left = right - pixels
    sheet.box((left, bottom), pixels / 2, 7, INK)
    sheet.box((left + pixels / 2, bottom), pixels / 2, 7, "white")
    along = "" if ground.is_square else " along rows"
    words = f"{length_words(length)}{along}"
    sheet.text(((left + right) / 2, bottom - 17), words, 13, _LONGEST, ha="center")
    if ground.varies:
        what = "scale" if ground.pole else "scale and north"
        words = f"{what}: in the middle of the picture"
        place = frame.width - MARGIN, _MASK_AT[1] + 3
        sheet.text(place, words, 12, 330, ha="right", color=EDGE)


def draw_north(sheet: Sheet, frame: Frame, shape: tuple[int, int], ground: Ground) -> None:
    """Draw the way to north, or the pole itself where it is in the picture."""
    if ground.pole is not None:
        _mark_pole(sheet, frame, shape, ground.pole)
        return
    x, y = frame.width - MARGIN - 24, RAMP_AT[1]
    sine, cosine = math.sin(math.radians(ground.north)), math.cos(math.radians(ground.north))
    for side, colour in ((1, INK), (-1, "white")):
        turned = [
            (x + side * right * cosine + up * sine, y - side * right * sine + up * cosine)
            for right, up in _ARROW
        ]
        sheet.shape(turned, colour)
    above = _ARROW[0][1] + 10
    at = x + above * sine, y + above * cosine
    sheet.text(at, "N", 13, 30, ha="center", va="center", weight="bold")


def _mark_pole(
    sheet: Sheet, frame: Frame, shape: tuple[int, int], pole: tuple[str, float, float]
) -> None:
    name, column, row = pole
    x = frame.left + column / shape[1] * frame.shown[0]
    y = frame.top - row / shape[0] * frame.shown[1]
    for half, width, colour in ((9, 4.0, "white"), (8, 1.6, INK)):
        sheet.line([(x - half, y), (x + half, y)], width, colour)
        sheet.line([(x, y - half), (x, y + half)], width, colour)
    sheet.text((frame.width - MARGIN, 93), f"+ {name}", 13, 200, ha="right")
