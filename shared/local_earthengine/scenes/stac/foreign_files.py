"""Which files of a STAC folder are opened: it may be somebody else's, and name anything.

A name must be that of a file in the folder, not of one elsewhere, not of an address, and nothing
that GDAL takes for more than a name. The file must be a GeoTIFF or JPEG 2000 by its first bytes:
other formats may name further files, or addresses, whatever the file is called. What lies beside it
under its name is held to the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

# Files that lie elsewhere in honest catalogues too; they are never opened.
REMOTE: Final = ("http", "https", "ftp", "s3", "gs", "az", "abfs", "abfss")
# The drivers of GDAL that are used, each by the first bytes of its files.
_DRIVERS: Final = {
    "GTiff": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),
    "JP2OpenJPEG": (b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"),
}
# An address such as file:///a, or a word to GDAL such as GTIFF_DIR:1:a.tif.
_PREFIX: Final = re.compile(r"[A-Za-z][\w+.-]*:")
_TAGS: Final = re.compile(rb"<\s*([A-Za-z_][\w.:-]*)")
_STATISTICS: Final = frozenset(
    [
        "PAMDataset",
        "PAMRasterBand",
        "Histograms",
        "HistItem",
        "HistMin",
        "HistMax",
        "BucketCount",
        "IncludeOutOfRange",
        "Approximate",
        "HistCounts",
        "Metadata",
        "MDI",
        "GDALRasterAttributeTable",
        "FieldDefn",
        "Name",
        "Type",
        "Usage",
        "Row",
        "F",
        "CategoryNames",
        "Category",
    ]
)
_MAX_BYTES: Final = 1 << 20  # of the XML beside a raster
_MAX_NAME: Final = 200  # characters of a name that are told
_COPY: Final = "copy the file into the folder and name it relative to the item, such as ./red.tif"
_CONVERT: Final = "write it as one, as `gdal_translate` does"


class RefusedFile(ValueError):
    """A file, or the name of one, that is not opened; the words say why and what to do."""


def is_remote(href: str) -> bool:
    """Tell whether a name is the address of a file on the network."""
    return href.partition(":")[0].lower() in REMOTE


def find_raster(href: str, beside: Path, folder: Path) -> Path:
    """Return the whole path of the raster that a document in `beside` names, without links.

    Raise RefusedFile for all but a GeoTIFF or JPEG 2000 that lies in `folder`.
    """
    path = _named(href, beside, folder)
    driver_of(path)
    for suffix in (".msk", ".ovr"):
        companion = path.with_name(path.name + suffix)
        if _is_there(companion):
            driver_of(_inside(companion, folder))
    said = path.with_name(f"{path.name}.aux.xml")
    if _is_there(said):
        _check_statistics(_inside(said, folder))
    return path


def driver_of(path: Path) -> str:
    """Return the driver that reads a file; raise RefusedFile if it is no such file."""
    first = _first(path, 8)
    for driver, beginnings in _DRIVERS.items():
        if first.startswith(beginnings):
            return driver
    raise RefusedFile(f"{path.name} does not begin as a GeoTIFF or JPEG 2000: {_CONVERT}")


def check_document(path: Path, folder: Path) -> None:
    """Raise RefusedFile for a document that is no file in the folder, but a link out of it, say."""
    _inside(path, folder)


def _named(href: str, beside: Path, folder: Path) -> Path:
    if is_remote(href):
        raise RefusedFile(f"{_cut(href)} lies on the network, which is never asked: {_COPY}")
    if _PREFIX.match(href):
        raise RefusedFile(f"{_cut(href)} is no name of a file but an address: {_COPY}")
    try:
        parts = urlsplit(href)
        name = Path(unquote(parts.path))
    except ValueError as fault:
        raise RefusedFile(f"{_cut(href)} is no name of a file ({fault}): {_COPY}") from fault
    if parts.netloc or name.is_absolute():
        raise RefusedFile(f"{_cut(href)} is an absolute path: {_COPY}")
    return _inside(beside / name, folder)


def _inside(path: Path, folder: Path) -> Path:
    """Return a path without links; raise RefusedFile if it is not that of a file in the folder."""
    try:
        real = path.resolve()
        is_file = real.is_file()
    except (OSError, ValueError, RuntimeError) as fault:  # loops of links, bytes that no name has
        why = getattr(fault, "strerror", None) or type(fault).__name__
        raise RefusedFile(f"{_cut(path)} is no name of a file ({why}): {_COPY}") from fault
    if not real.is_relative_to(folder.resolve()):
        raise RefusedFile(f"{_cut(path)} leads out of the folder {folder}: {_COPY}")
    if not is_file:
        raise RefusedFile(f"{_cut(path)} is no file")
    return real


def _cut(name: object) -> str:
    text = str(name)
    return repr(text if len(text) <= _MAX_NAME else f"{text[:_MAX_NAME]}…")


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _check_statistics(path: Path) -> None:
    """Raise RefusedFile if what is said beside a raster would change what it is read as."""
    text = _first(path, _MAX_BYTES + 1)
    words = {name.decode("ascii", "replace") for name in _TAGS.findall(text)} - _STATISTICS
    if b"OVERVIEW_FILE" in text:
        words.add("OVERVIEW_FILE")
    if words or len(text) > _MAX_BYTES:
        what = f"says {sorted(words)[0]}" if words else "is over 1 MiB"
        to_do = "write it into the raster itself or into the item, and delete the file"
        raise RefusedFile(f"{path.name} {what}, but is not read: {to_do}")


def _first(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError as fault:
        raise RefusedFile(f"{path.name} cannot be read: {fault}") from fault
