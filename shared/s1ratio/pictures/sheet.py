"""A sheet to draw on, measured in pixels from its lower left corner: matplotlib, and only here."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final, TypeAlias

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Polygon, Rectangle
from matplotlib.transforms import IdentityTransform

from s1ratio.pictures.colouring import Rgb, rgb_of

Place: TypeAlias = tuple[float, float]  # px rightward and upward

INK: Final = "#1a1a1a"
EDGE: Final = "#666666"
_DPI: Final = 100
_POINT: Final = 72 / _DPI  # points of a pixel
_FONT: Final = "DejaVu Sans"  # comes with matplotlib: the same everywhere
_LEAST_POINTS, _STEP_POINTS = 3.0, 0.2


class Sheet:
    """White paper of so many pixels.

    Use it as a context manager, one at a time: matplotlib's settings, which the reader's own files
    may have changed, are its defaults meanwhile.
    """

    def __init__(self, width: int, height: int) -> None:
        self._settings = mpl.rc_context()
        self._size = width, height

    def __enter__(self) -> "Sheet":
        self._settings.__enter__()
        mpl.rcdefaults()
        width, height = self._size
        self.figure = Figure(figsize=(width / _DPI, height / _DPI), dpi=_DPI, facecolor="white")
        self._canvas = FigureCanvasAgg(self.figure)
        return self

    def __exit__(self, *error: Any) -> None:
        self._settings.__exit__(*error)

    @property
    def words(self) -> list[str]:
        """All that is written on it."""
        return [text.get_text() for text in self.figure.texts]

    def text(self, at: Place, words: str, size: float, room: float, **style: Any) -> None:
        """Write words, `size` px high; smaller where they would be longer than `room` px."""
        look = {"color": INK, "family": _FONT, **style}
        points = size * _POINT
        text = self.figure.text(
            *at, words, fontsize=points, transform=IdentityTransform(), parse_math=False, **look
        )
        # Letters are whole pixels wide: a little smaller may be as long as before.
        while (long := text.get_window_extent().width) > room and points > _LEAST_POINTS:
            points = max(min(points * room / long, points - _STEP_POINTS), _LEAST_POINTS)
            text.set_fontsize(points)

    def put(self, image: Rgb, left: int, bottom: int, *, edged: bool = False) -> None:
        """Put an image in, a pixel for a pixel; `edged` with a line of one pixel around it."""
        if edged:
            height, width, _ = image.shape
            around: Rgb = np.full((height + 2, width + 2, 3), rgb_of(EDGE), dtype=np.uint8)
            around[1:-1, 1:-1] = image
            image, left, bottom = around, left - 1, bottom - 1
        self.figure.figimage(image, left, bottom, origin="upper")

    def line(self, ends: Sequence[Place], width: float, colour: str = INK) -> None:
        """Draw a line, `width` points wide."""
        self._add(Polygon(ends, closed=False, fill=False, edgecolor=colour, lw=width))

    def shape(self, corners: Sequence[Place], colour: str, edge: str = INK) -> None:
        """Draw a filled shape with a thin edge."""
        self._add(Polygon(corners, closed=True, facecolor=colour, edgecolor=edge, lw=0.8))

    def box(self, at: Place, width: float, height: float, colour: str, edge: float = 0.8) -> None:
        """Draw a filled box, its edge so many points wide."""
        self._add(Rectangle(at, width, height, facecolor=colour, edgecolor=INK, lw=edge))

    def _add(self, patch: Patch) -> None:
        patch.set_transform(IdentityTransform())
        self.figure.add_artist(patch)

    def png(self, **said: str) -> bytes:
        """Return it as a PNG that bears these texts."""
        out = BytesIO()
        texts: dict[str, str | None] = {**said, "Software": None}
        self.figure.savefig(out, format="png", metadata=texts, pil_kwargs={"optimize": True})
        return out.getvalue()
