"""Coordinate systems as an item writes them: a code, a number, well-known text or PROJJSON."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pyproj import CRS
from pyproj.exceptions import CRSError

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.projection import coordinate_system
from local_earthengine.scenes.stac.fields import Fields
from local_earthengine.scenes.stac.raster import names_files

_CODE: Final = re.compile(r"[A-Z][A-Z0-9_]*:[A-Z0-9._]+")
# Well-known text begins so; other texts may name files to the library of projections.
_TEXT: Final = re.compile(r"\s*[A-Za-z]+(CRS|CS|_CS)\s*\[")
_LONGEST: Final = 100_000  # characters: the longest that are known have a tenth
_NO_FILES: Final = "must not name a file of shifts, which is not read: say it by proj:code"


def is_code(crs: str) -> bool:
    """Tell whether a coordinate system is named by a code such as EPSG:32611."""
    return bool(_CODE.fullmatch(crs))


def read_code(fields: Fields, name: str) -> str:
    """Return a code such as EPSG:32611; raise StacError unless it is a known one."""
    code = fields.get(name)
    text = str(code).upper()
    if not isinstance(code, str) or not is_code(text):
        raise fields.fault(name, f"must be such as EPSG:32611, is {code!r}")
    return _known(fields, name, text)


def read_epsg(fields: Fields, name: str) -> str:
    """Return the code of a number such as 32611; raise StacError unless it is a known one."""
    code = fields.get(name)
    number = str(code).upper().removeprefix("EPSG:")
    if isinstance(code, bool) or not (number.isascii() and number.isdecimal()):
        raise fields.fault(name, f"must be a number such as 32611, is {code!r}")
    return _known(fields, name, f"EPSG:{int(number)}")


def read_wkt(fields: Fields, name: str) -> str:
    """Return well-known text as it stands; raise StacError if it is none or names files."""
    text = fields.text(name)
    if len(text) > _LONGEST or not _TEXT.match(text):
        raise fields.fault(name, f"must be well-known text, is {text[:80]!r}")
    return _checked(fields, name, text)


def read_projjson(fields: Fields, name: str) -> str:
    """Return a PROJJSON object as well-known text; raise StacError if it is none or names files."""
    value = fields.get(name)
    if not isinstance(value, dict):
        raise fields.fault(name, f"must be a PROJJSON object, is {str(value)[:80]!r}")
    try:
        text = json.dumps(value)
        if len(text) > _LONGEST:
            raise fields.fault(name, "is too long for a coordinate system")
        return _checked(fields, name, CRS.from_json(text).to_wkt())
    except (CRSError, RecursionError):
        raise fields.fault(name, "is no coordinate system that is known") from None


def _checked(fields: Fields, name: str, text: str) -> str:
    if names_files(text):
        raise fields.fault(name, _NO_FILES)
    _system(fields, name, text, "is no coordinate system that is known")
    return text


def _known(fields: Fields, name: str, code: str) -> str:
    _system(fields, name, code, f"{code} is no coordinate system that is known")
    return code


def _system(fields: Fields, name: str, crs: str, problem: str) -> Any:
    try:
        return coordinate_system(crs)
    except EarthEngineError:
        raise fields.fault(name, problem) from None
