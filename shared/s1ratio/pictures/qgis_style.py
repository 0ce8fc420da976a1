"""A QGIS style of the colours that a band has on its pictures.

QGIS takes NAME.qml beside NAME.tif by itself when the raster is opened. Its own elements, read
from its sources: `rasterrenderer` of a single band with a `colorrampshader`, whose items it
interpolates in sRGB; `clip="0"` gives what lies beyond the items the end colours; limits `None`
keeps it from stretching to what is in view. What has no data stays see-through there.
"""

from typing import Final
from xml.etree import ElementTree as Xml

from s1ratio.pictures.invented import INVENTED, SYNTHETIC
from s1ratio.pictures.scales import Scale
from s1ratio.pictures.subject import Subject

# The oldest that has all these elements, and the newest that read this form.
_VERSION: Final = "3.22.0"
_RESAMPLING: Final = {
    "enabled": "false",
    "maxOversampling": "2",
    "zoomedInResamplingMethod": "nearestNeighbour",
    "zoomedOutResamplingMethod": "nearestNeighbour",
}
_DOCTYPE: Final = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def write_style(scale: Scale, subject: Subject, band: int) -> bytes:
    """Return the `.qml` of a band, numbered from 1 as in the file."""
    root = Xml.Element("qgis", version=_VERSION, styleCategories="Symbology|Legend|Notes")
    pipe = Xml.SubElement(root, "pipe")
    Xml.SubElement(Xml.SubElement(pipe, "provider"), "resampling", _RESAMPLING)
    _renderer(pipe, scale, subject, band)
    Xml.SubElement(pipe, "brightnesscontrast", brightness="0", contrast="0", gamma="1")
    Xml.SubElement(root, "blendMode").text = "0"
    Xml.SubElement(root, "userNotes", value=_notes(scale, subject))
    Xml.indent(root)
    return (_DOCTYPE + Xml.tostring(root, encoding="unicode") + "\n").encode()


def _renderer(pipe: Xml.Element, scale: Scale, subject: Subject, band: int) -> None:
    limits = {
        "classificationMin": repr(float(scale.low)),
        "classificationMax": repr(float(scale.high)),
    }
    fixed = {"alphaBand": "-1", "opacity": "1", "nodataColor": ""}
    renderer = Xml.SubElement(
        pipe,
        "rasterrenderer",
        {"type": "singlebandpseudocolor", "band": str(band), **limits, **fixed},
    )
    Xml.SubElement(renderer, "rasterTransparency")
    origin = Xml.SubElement(renderer, "minMaxOrigin")
    Xml.SubElement(origin, "limits").text = "None"
    shader = Xml.SubElement(
        Xml.SubElement(renderer, "rastershader"),
        "colorrampshader",
        colorRampType="INTERPOLATED",
        classificationMode="1",
        clip="0",
        labelPrecision="2",
        minimumValue=limits["classificationMin"],
        maximumValue=limits["classificationMax"],
    )
    after = _after(scale, subject)
    for value, colour in scale.stops:
        shown = {"value": repr(float(value)), "color": colour, "alpha": "255"}
        Xml.SubElement(shader, "item", {**shown, "label": f"{value:.4g}{after}"})
    Xml.SubElement(
        shader,
        "rampLegendSettings",
        useContinuousLegend="1",
        orientation="2",
        direction="0",
        prefix="",
        suffix=after,
        minimumLabel=f"{scale.low:g}{after}",
        maximumLabel=f"{scale.high:g}{after}",
    )


def _after(scale: Scale, subject: Subject) -> str:
    """Return what stands behind each number of the legend."""
    unit = "" if scale.unit == "1" else f" {scale.unit}"
    return f"{unit} ({SYNTHETIC})" if subject.synthetic else unit


def _notes(scale: Scale, subject: Subject) -> str:
    lines = [scale.label, f"colours from {scale.stretch}", subject.flown, subject.speckle]
    return "\n".join([INVENTED, *lines] if subject.synthetic else lines)
