"""The notebook of the examples, cell by cell: a topic that takes messages, a service, a picture."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import rasterio

from s1ratio.records import RequestState
from s1ratio.request import Limits, read_message
from s1ratio.task import TaskState
from tests.contract.records import a_request, in_state
from tests.conventions.source import PACKAGE
from tests.support.closed_service import Gate, serve
from tests.support.reading_world import open_world
from tests.support.taken_messages import TakenMessages

NOTEBOOK = PACKAGE / "embedded" / "examples" / "follow.ipynb"


def _cells() -> list[str]:
    document: dict[str, Any] = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert all(not cell.get("outputs") for cell in document["cells"])
    return ["".join(cell["source"]) for cell in document["cells"] if cell["cell_type"] == "code"]


def _composite(path: Path) -> bytes:
    values = np.full((1, 4, 5), 7.0, "float32")
    kind = {"driver": "GTiff", "width": 5, "height": 4, "count": 1, "dtype": "float32"}
    transform = rasterio.Affine(10, 0, 500_000, 0, -10, 5_300_000)
    with rasterio.open(path, "w", **kind, crs="EPSG:32633", transform=transform) as file:
        file.write(values)
        file.set_band_description(1, "vvvh_db_median")
    return path.read_bytes()


def test_the_notebook_publishes_waits_and_plots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = TakenMessages()
    monkeypatch.setattr("s1ratio.adapters.pubsub.PubSubPublisher", lambda *_: taken)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    world = open_world(tmp_path)
    record = a_request("notebook-1", state=RequestState.VERIFIED, message='{"aoi": {}}')
    world.store.create_request(record)
    task = in_state(
        "notebook-1-o022d",
        TaskState.VERIFIED,
        verified=True,
        files=("composites/notebook-1-o022d.tif",),
    )
    task = replace(task, plan=replace(task.plan, request_id="notebook-1"))
    world.store.create_tasks([task])
    data = _composite(tmp_path / "made.tif")
    gate = Gate(world.app, {"composites/notebook-1-o022d.tif": data}, tokens={""})
    with serve(gate) as url, mpl.rc_context({"backend": "Agg"}):
        world.files_url = f"{url}/files/"
        monkeypatch.setenv("S1RATIO_URL", url)
        monkeypatch.setenv("S1RATIO_PROJECT", "my-project")
        names: dict[str, Any] = {}
        for cell in _cells():
            exec(compile(cell, str(NOTEBOOK), "exec"), names)  # noqa: S102 - our own
    world.store.close()
    plt.close("all")
    [payload] = taken.taken
    assert read_message(payload, Limits()).request_id == "notebook-1"
    assert (tmp_path / "composites" / "notebook-1-o022d.tif").read_bytes() == data
    assert (float(names["band"].mean()), names["name"]) == (7.0, "vvvh_db_median")
    assert names["axes"].get_title() == "notebook-1: vvvh_db_median"
    assert names["changes"] == ["notebook-1: VERIFIED"]
