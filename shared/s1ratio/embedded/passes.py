"""The passes over an area, asked of a local Earth Engine that lives as long as the question."""

import tempfile
from pathlib import Path

from s1ratio.adapters.earth_engine import EarthEngineClient
from s1ratio.embedded.cloud import BUCKET, PROJECT, open_earth_engine
from s1ratio.plan import OrbitPass
from s1ratio.request import CompositeRequest
from s1ratio.services.requesting.search import find_in_parts

_DEADLINE_S = 300.0


def find_local_passes(request: CompositeRequest, catalog: Path | None) -> tuple[OrbitPass, ...]:
    """Return the passes that meet the area in the period, of synthetic scenes or a STAC folder.

    Raises EarthEngineFault, and for a folder what `UNFIT_FOLDER` names.
    """
    with (
        tempfile.TemporaryDirectory(prefix="s1ratio-") as folder,
        open_earth_engine(Path(folder), catalog) as server,
    ):
        client = EarthEngineClient(PROJECT, server.url, BUCKET, _DEADLINE_S)
        return find_in_parts(client.find_passes, request)
