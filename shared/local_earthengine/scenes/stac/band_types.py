"""What an item says of the type of its bands' numbers is compared with the file."""

from __future__ import annotations

from typing import Final

from local_earthengine.scenes.stac.fields import Fields, StacError
from local_earthengine.scenes.stac.raster import Header

_FIELD: Final = "data_type"
_COMPLEX: Final = {
    "cint16": "complex_int16", "cint32": "complex_int32",
    "cfloat32": "complex64", "cfloat64": "complex128",
}  # fmt: skip
_PLAIN: Final = (
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "float32", "float64",
)  # fmt: skip
_ANY: Final = "other"


def check_types(asset: Fields, header: Header) -> None:
    """Raise StacError with each band whose `data_type` is not that of the file's band.

    It stands in `bands` or `raster:bands`, or with the asset, for all its bands.
    """
    bands = asset.objects("bands") or asset.objects("raster:bands")
    said = [(band, header.dtypes[i : i + 1]) for i, band in enumerate(bands) if band.says(_FIELD)]
    if len(bands) == 1:  # what is said of the whole asset
        said = [(band, header.dtypes) for band, _ in said]
    faults = [fault for fields, types in said for fault in _faults(fields, header.name, types)]
    if not said and asset.says(_FIELD):
        faults = list(_faults(asset, header.name, header.dtypes))
    if faults:
        raise StacError(*faults)


def _faults(fields: Fields, file: str, types: tuple[str, ...]) -> tuple[str, ...]:
    said = fields.choice(_FIELD, (*_PLAIN, *_COMPLEX, _ANY))
    others = sorted(set(types) - {_COMPLEX.get(said, said)})
    if said == _ANY or not others:
        return ()
    to_do = "write what the file says, or leave the field out"
    return fields.fault(_FIELD, f"{file} holds {', '.join(others)}, not {said}: {to_do}").faults
