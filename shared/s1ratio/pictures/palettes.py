"""Colours by value: ramps that stay in order in grey and for eyes that don't tell red from green.

`RATIO`, `SPREAD` and `COUNT` are eleven even steps of matplotlib's viridis, inferno and cividis
(public domain, CC0); between the steps colours are interpolated in sRGB, as QGIS does.
"""

from typing import Final, TypeAlias

Palette: TypeAlias = tuple[str, ...]  # #rrggbb at even steps, from low to high

RATIO: Final[Palette] = (
    "#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c",
    "#22a884", "#44bf70", "#7ad151", "#bddf26", "#fde725",
)  # fmt: skip
BACKSCATTER: Final[Palette] = ("#000000", "#ffffff")  # as radar images are shown
SPREAD: Final[Palette] = (
    "#000004", "#160b39", "#420a68", "#6a176e", "#932667", "#bc3754",
    "#dd513a", "#f37819", "#fca50a", "#f6d746", "#fcffa4",
)  # fmt: skip
COUNT: Final[Palette] = (
    "#00224e", "#083370", "#35456c", "#4f576c", "#666970", "#7d7c78",
    "#948e77", "#aea371", "#c8b866", "#e5cf52", "#fee838",
)  # fmt: skip
# What no ramp comes near to, in two tones for stripes: neither of the two is a value.
MASKED: Final = ("#f3cfdc", "#d58fae")
