"""Pictures taken apart again: colours by place, words, and what a style says of values."""

import io
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from s1ratio.pictures.drawing import compose, draw_picture
from s1ratio.pictures.frame import Frame, frame_of
from s1ratio.pictures.overview import Overview
from s1ratio.pictures.scales import SCALES
from s1ratio.pictures.sheet import Sheet
from s1ratio.pictures.subject import Subject

UTM = (10.0, 0.0, 500_000.0, 0.0, -10.0, 5_340_000.0)
SUBJECT = Subject(
    name="req-o022d",
    orbit=22,
    direction="descending",
    period="2023-05-01 ≤ t < 2023-07-01, UTC",
    speckle="focal median of 100 m",
)
INVENTED = replace(SUBJECT, synthetic=True)
BAND = "vvvh_db_median"


def overview(values: Any, crs: str = "EPSG:32633", transform: Any = UTM) -> Overview:
    """Return values as an overview of a raster of the same shape."""
    array = np.asarray(values, dtype="float32")
    return Overview(array, crs, transform, array.shape)


class Picture:
    """One picture: its pixels, and those of them that are the raster's."""

    def __init__(self, of: Overview, band: str = BAND, subject: Subject = SUBJECT) -> None:
        self.png = draw_picture(of, SCALES[band], subject)
        with Image.open(io.BytesIO(self.png)) as image:
            self.texts = {str(name): text for name, text in image.info.items()}
            self.rgb: NDArray[np.uint8] = np.array(image.convert("RGB"))
        self.frame: Frame = frame_of(of.values.shape, banner=subject.synthetic)
        self.words = words(of, band, subject)

    def at(self, x: float, y: float) -> tuple[int, ...]:
        """Return the colour so many px from the left and from below."""
        return tuple(map(int, self.rgb[self.frame.height - 1 - int(y), int(x)]))

    @property
    def raster(self) -> NDArray[np.uint8]:
        """The raster's pixels, each as often as it is zoomed."""
        bottom = self.frame.height - self.frame.bottom
        width, height = self.frame.shown
        left = self.frame.left
        return self.rgb[bottom - height : bottom, left : left + width]


def words(of: Overview, band: str = BAND, subject: Subject = SUBJECT) -> list[str]:
    """Return all that is written on a picture."""
    frame = frame_of(of.values.shape, banner=subject.synthetic)
    with Sheet(frame.width, frame.height) as sheet:
        compose(sheet, frame, of, SCALES[band], subject)
        return sheet.words


class Style:
    """A QGIS style, read as QGIS reads it."""

    def __init__(self, qml: bytes) -> None:
        self.root = Xml.fromstring(qml)  # noqa: S314 - our own
        renderer = self.root.find("pipe/rasterrenderer")
        shader = self.root.find("pipe/rasterrenderer/rastershader/colorrampshader")
        assert renderer is not None
        assert shader is not None
        self.renderer, self.shader = renderer, shader
        self.items = [
            (float(item.attrib["value"]), item.attrib["color"], item.attrib["label"])
            for item in shader.iter("item")
        ]

    def colour(self, value: float) -> tuple[int, ...]:
        """Return a value's colour, as QgsColorRampShader::shade has it for INTERPOLATED ramps."""
        if value <= self.items[0][0]:
            return _rgb(self.items[0][1])
        for (low, first, _), (high, second, _) in zip(self.items, self.items[1:], strict=False):
            if value <= high:
                share = (value - low) / (high - low)
                pairs = zip(_rgb(first), _rgb(second), strict=True)
                return tuple(a + int((b - a) * share) for a, b in pairs)
        return _rgb(self.items[-1][1])


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))
