"""Golden graphs: whole serialised expressions, kept so that a change of one is seen and judged.

`python -m tests.unit.imagery.golden` writes them anew; look at the difference before you keep it.
"""

import json
from pathlib import Path
from typing import Any

from s1ratio.imagery import export, orbits
from tests.unit.imagery.graphs import encoded
from tests.unit.imagery.messages import EQUATOR, request_of, task_of

FOLDER = Path(__file__).parent / "golden"
EQUATOR_FOLDER = Path(__file__).parent / "golden_equator"  # graphs that grow there
_EVERY_PRODUCT = [
    "vvvh_db",
    "vvvh_linear",
    "vvdvh_notebook",
    "vv_db",
    "vh_db",
    "vv_linear",
    "vh_linear",
]
_MESSAGES: dict[str, dict[str, Any]] = {
    "notebook": {"preset": "notebook", "orbits": [58]},
    "default": {},
    "everything": {
        "collection": "COPERNICUS/S1_GRD",
        "products": _EVERY_PRODUCT,
        "statistics": ["median", "stdDev", "mean", "min", "max", "count"],
        "speckle": {"filter": "boxcar", "size_px": 5},
        "platforms": ["A", "C"],
        "angle": {"min": 32.5},
        "valid_range": {"vv_db": [-30, 5], "vvvh_db": None},
        "grid": {"crs": "EPSG:4326", "scale": 20},
    },
    "bare": {
        "speckle": {"filter": "none"},
        "products": ["vh_linear"],
        "statistics": ["mean"],
        "angle": "none",
        "clip": False,
    },
    "antimeridian": {"aoi": {"bbox": [179, -18, -179, -17]}},
}


def graphs() -> dict[str, dict[str, Any]]:
    """Return every golden graph as it is built now, by name."""
    made = {name: _export(fields) for name, fields in _MESSAGES.items()}
    return made | {"orbits": encoded(orbits.passes_expression(request_of(direction="ASCENDING")))}


def equator_graphs() -> dict[str, dict[str, Any]]:
    """Return the golden graphs of an area near the equator, by name."""
    request = request_of(aoi=EQUATOR)
    return {
        "composite": _export({"aoi": EQUATOR, "direction": "ASCENDING"}),
        "orbits": encoded(orbits.passes_expression(request)),
    }


def _export(fields: dict[str, Any]) -> dict[str, Any]:
    request = request_of(**fields)
    body = export.params(
        request, task_of(request), attempt=1, description="golden", bucket="bucket", priority=100
    )
    return encoded(body["expression"])


if __name__ == "__main__":
    from tests.support.offline_client import initialize

    initialize()
    for folder, made in ((FOLDER, graphs()), (EQUATOR_FOLDER, equator_graphs())):
        folder.mkdir(exist_ok=True)
        for name, graph in made.items():
            (folder / f"{name}.json").write_text(json.dumps(graph, indent=1) + "\n")
