"""An export as a client asks for it: the body of image:export, strictly checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator

from local_earthengine.batch.destinations import Destination, cloud_storage, drive
from local_earthengine.errors import EarthEngineError
from local_earthengine.wire.messages import Message, Wrapped, parsed

DEFAULT_MAX_PIXELS: Final = 100_000_000
DEFAULT_PRIORITY: Final = 100
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9-]{1,60}")
_DESCRIPTION: Final = re.compile(r"[A-Za-z0-9.,:;_-]{0,100}")


class Dimensions(Message):
    """The pixels of one file."""

    width: int = Field(gt=0)
    height: int = Field(gt=0)


class _NoData(Message):
    float_value: Annotated[float, Field(allow_inf_nan=True)]


class GeoTiffOptions(Message):
    """How GeoTIFFs are written; `tile_size` is the side of a block in pixels."""

    cloud_optimized: bool = False
    no_data: _NoData | None = None
    tile_dimensions: Dimensions | None = None
    skip_empty_files: bool = False
    tile_size: Annotated[int, Wrapped, Field(gt=0, le=2048, multiple_of=16)] = 256

    @model_validator(mode="after")
    def _files_hold_whole_blocks(self) -> Self:
        files = self.tile_dimensions
        if files and (files.width % self.tile_size or files.height % self.tile_size):
            raise ValueError(f"tileDimensions must be multiples of tileSize ({self.tile_size})")
        return self


class _CloudStorage(Message):
    bucket: str
    filename_prefix: str
    permissions: Any = None
    bucket_cors_uris: Any = None


class _Drive(Message):
    folder: str = ""
    filename_prefix: str


class _FileOptions(Message):
    file_format: Literal["GEO_TIFF"]
    cloud_storage_destination: _CloudStorage | None = None
    drive_destination: _Drive | None = None
    geo_tiff_options: GeoTiffOptions = GeoTiffOptions()

    @model_validator(mode="after")
    def _one_destination(self) -> Self:
        if (self.cloud_storage_destination is None) == (self.drive_destination is None):
            raise ValueError("needs cloudStorageDestination or driveDestination, and one alone")
        return self


class ExportRequest(Message):
    """The body of image:export."""

    expression: dict[str, Any]
    file_export_options: _FileOptions
    description: str = ""
    max_pixels: Annotated[int, Wrapped, Field(gt=0)] = DEFAULT_MAX_PIXELS
    request_id: str = ""
    priority: Annotated[int, Wrapped, Field(ge=0, le=9999)] = DEFAULT_PRIORITY
    workload_tag: str = ""

    @property
    def options(self) -> GeoTiffOptions:
        """How the files are written."""
        return self.file_export_options.geo_tiff_options

    @property
    def destination(self) -> Destination:
        """Where the files go. Raises EarthEngineError (400) for names that must not be."""
        bucket, folder = (
            self.file_export_options.cloud_storage_destination,
            self.file_export_options.drive_destination,
        )
        if bucket is not None:
            return cloud_storage(bucket.bucket, bucket.filename_prefix)
        if folder is not None:
            return drive(folder.folder, folder.filename_prefix)
        raise EarthEngineError("The export has no destination.")


def parse_export(body: Mapping[str, Any]) -> ExportRequest:
    """Return the request of a JSON body.

    Raise EarthEngineError: 400, naming the field at fault, or 501 for an export to an asset.
    """
    if body.get("assetExportOptions") is not None:
        raise EarthEngineError(
            "Exports to an asset (assetExportOptions) are not supported by this local server: "
            "export to Cloud Storage or Drive.",
            501,
        )
    request = parsed(ExportRequest, body)
    if request.request_id and not _REQUEST_ID.fullmatch(request.request_id):
        raise EarthEngineError(
            f"Invalid request_id {request.request_id!r}: at most 60 letters, digits and hyphens."
        )
    if not _DESCRIPTION.fullmatch(request.description):
        raise EarthEngineError(
            f"Invalid description {request.description!r}: at most 100 letters, digits and .,:;_-"
        )
    # Taken here, a bad name is refused before anything is queued.
    _ = request.destination
    return request
