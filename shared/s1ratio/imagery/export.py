"""The body of an export's POST, made by the client's own machinery, without any call."""

from typing import Any

import ee

from s1ratio.imagery import composite
from s1ratio.plan import NO_DATA, ExportTask
from s1ratio.request import CompositeRequest, DriveDestination

# The plan bounds the pixels of a task; Earth Engine's own default of 1e8 would refuse many.
MAX_PIXELS = 10**13


def params(
    request: CompositeRequest,
    task: ExportTask,
    *,
    attempt: int,
    description: str,
    bucket: str,
    priority: int,
) -> dict[str, Any]:
    """Return what `ee.data.exportImage` takes for one attempt of a task.

    A cloud-optimised GeoTIFF of exactly `task.grid`: crs, transform and dimensions say it to the
    pixel, where a region would be projected and rounded by Earth Engine once more. `bucket` is
    unused for Drive, where an object's folder is no part of its name.
    """
    return addressed(
        unaddressed(request, task),
        task,
        attempt=attempt,
        description=description,
        bucket=bucket,
        priority=priority,
    )


def unaddressed(request: CompositeRequest, task: ExportTask) -> dict[str, Any]:
    """Return what all attempts of a task have in common: the same, without name and place."""
    common: dict[str, Any] = {
        "image": composite.build(request, task),
        "description": "-",
        "crs": task.grid.crs,
        "crsTransform": list(task.grid.transform),
        "dimensions": f"{task.grid.width}x{task.grid.height}",
        "maxPixels": MAX_PIXELS,
        "fileFormat": "GeoTIFF",
        "formatOptions": {"cloudOptimized": True, "noData": NO_DATA},
        "priority": 0,
    }
    export: Any = ee.batch.Export.image
    destination = request.destination
    if isinstance(destination, DriveDestination):
        made = export.toDrive(folder=destination.folder, fileNamePrefix="-", **common)
    else:
        made = export.toCloudStorage(bucket="-", fileNamePrefix="-", **common)
    config: dict[str, Any] = made.config
    return config


def addressed(
    body: dict[str, Any],
    task: ExportTask,
    *,
    attempt: int,
    description: str,
    bucket: str,
    priority: int,
) -> dict[str, Any]:
    """Return a body of `unaddressed` with the name and the place of one attempt."""
    name, options = task.object_name(attempt), dict(body["fileExportOptions"])
    if "driveDestination" in options:
        file = name.rpartition("/")[2]
        options["driveDestination"] = {**options["driveDestination"], "filenamePrefix": file}
    else:
        options["cloudStorageDestination"] = {"bucket": bucket, "filenamePrefix": name}
    return {
        **body,
        "description": description,
        "fileExportOptions": options,
        "priority": {"value": priority},
    }
