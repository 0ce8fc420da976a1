"""One composite from both sides: the product's graph on the local Earth Engine, and brute force."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import ee
import numpy as np
import shapely
from numpy.typing import NDArray

from local_earthengine.engine import Engine, render
from local_earthengine.scenes.catalog import Catalog
from local_earthengine.values.export_grid import export_grid
from s1ratio.imagery import export
from s1ratio.plan import ExportTask, OrbitPass, PlanLimits, make_plan
from s1ratio.request import CompositeRequest, Direction, Limits, read_message
from tests.support import bruteforce
from tests.support.bruteforce import Lattice, Slice

Array = NDArray[np.float64]
Area = tuple[float, float, float, float]
TOLERANCE = 1e-5  # of the value, or absolute below 1: float32 holds no more than 6e-8 of it
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Job:
    """A message's request and one of its export tasks."""

    request: CompositeRequest
    task: ExportTask

    @property
    def lattice(self) -> Lattice:
        """The task's grid in the brute force's words."""
        grid = self.task.grid
        return Lattice(grid.crs, grid.transform, grid.width, grid.height)


def job_of(message: dict[str, Any], orbit: int, direction: str = "ASCENDING") -> Job:
    """Return the job of a message on one orbit."""
    request = read_message(json.dumps(message), Limits()).request
    flown = OrbitPass(orbit, Direction(direction))
    return Job(request, make_plan("req-1", request, (flown,), PlanLimits(), _NOW).tasks[0])


def exported(job: Job, catalog: Catalog, tile: int = 64) -> dict[str, Array]:
    """Return the bands of a job's export, NaN where masked; its grid is checked on the way."""
    body = export.params(job.request, job.task, attempt=1, description="d", bucket="b", priority=1)
    return pixels(body["expression"], catalog, job.lattice, tile)


def pixels(expression: ee.Image, catalog: Catalog, lattice: Lattice, tile: int) -> dict[str, Array]:
    """Return the bands that an export of an expression writes; its grid must be `lattice`."""
    image = Engine(catalog).image(ee.serializer.encode(expression, for_cloud_api=True))
    grid = export_grid(image)
    assert (grid.crs, grid.width, grid.height) == (lattice.crs, lattice.width, lattice.height)
    np.testing.assert_allclose(grid.transform, lattice.transform, rtol=1e-13)
    out = {name: np.full(grid.shape, np.nan) for name in image.band_names}
    for window, bands in render(image, grid, tile):
        place = grid.offset(window)
        assert place is not None
        col, row = place
        for name, found in bands.items():
            part = out[name][row : row + window.height, col : col + window.width]
            part[...] = np.where(found.valid, found.values, np.nan)
    return out


def expected(job: Job, slices: Sequence[Slice], words: dict[str, Any]) -> dict[str, Array]:
    """Return the brute force's bands; `words` is what its `composite` takes, spelled out."""
    made = bruteforce.composite(slices, job.lattice, words)
    return dict(zip(job.task.bands, made, strict=True))


def assert_equal(ours: dict[str, Array], theirs: dict[str, Array]) -> None:
    """Assert the same bands in order, the same masks, and values within `TOLERANCE`.

    A count is 0 where nothing is, masked or not.
    """
    assert list(ours) == list(theirs)
    for name, band in ours.items():
        other = theirs[name]
        if name.endswith("_count"):
            band, other = np.nan_to_num(band), np.nan_to_num(other)  # noqa: PLW2901 - one meaning
        unlike = int(np.sum(np.isnan(band) != np.isnan(other)))
        assert unlike == 0, f"{name}: {unlike} of {band.size} pixels are masked on one side only"
        worst = np.abs(band - other) / np.maximum(1, np.abs(other))
        assert np.nanmax(worst, initial=0) <= TOLERANCE, f"{name}: off by {np.nanmax(worst)}"


def box(area: Area) -> shapely.Polygon:
    """Return the box (west, south, east, north) in lon/lat."""
    return shapely.box(*area)
