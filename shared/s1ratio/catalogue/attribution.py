"""Whose data a composite is made of, and what must be said with it."""

from collections.abc import Iterable
from typing import Any, Final

from s1ratio.catalogue.facts import Publisher

LICENCE: Final = "other"  # SPDX has no name for it: a link tells
LICENCE_LINK: Final = (
    "https://sentinels.copernicus.eu/documents/247904/690755/Sentinel_Data_Legal_Notice"
)
_COPERNICUS: Final = {
    "name": "Copernicus, European Union / ESA",
    "description": "Sentinel-1 Ground Range Detected scenes",
    "roles": ["licensor", "producer"],
    "url": "https://dataspace.copernicus.eu",
}
_HOST: Final = {
    "name": "Google Earth Engine",
    "description": "Calibrated and terrain-corrected scenes; computed the composites",
    "roles": ["processor"],
    "url": "https://earthengine.google.com",
}


def attribution(years: Iterable[int], publisher: Publisher) -> str:
    """Return the sentence that the licence asks of who passes the data on."""
    if publisher.synthetic:
        return "Computed from invented scenes: contains no Copernicus Sentinel data"
    said = sorted(set(years))
    span = f"{said[0]}–{said[-1]}" if len(said) > 1 else str(said[0])
    return f"Contains modified Copernicus Sentinel data {span}"


def providers(publisher: Publisher) -> list[dict[str, Any]]:
    """Return who had a part in it, whose scenes first."""
    own = {"name": f"s1ratio {publisher.deployment}", "roles": ["processor", "host"]}
    return [own] if publisher.synthetic else [_COPERNICUS, _HOST, own]
