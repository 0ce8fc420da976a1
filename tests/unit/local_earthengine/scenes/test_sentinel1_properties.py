"""Every Sentinel-1 scene, synthetic or of an item, bears the properties of a real image."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from local_earthengine.scenes.scene import Scene
from local_earthengine.scenes.stac.catalog import StacCatalog
from local_earthengine.scenes.stac.fields import StacError
from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from tests.support.stac_items import Tiff, write_item

# Names and types as a public note prints them of an image of 2019, but for its size and version.
REAL: dict[Any, str] = {
    str: """
        GRD_Post_Processing_facility_country GRD_Post_Processing_facility_name
        GRD_Post_Processing_facility_org GRD_Post_Processing_facility_site
        GRD_Post_Processing_software_name GRD_Post_Processing_software_version
        SLC_Processing_facility_country SLC_Processing_facility_name SLC_Processing_facility_org
        SLC_Processing_facility_site SLC_Processing_software_name SLC_Processing_software_version
        S1TBX_Calibration_vers S1TBX_SAR_Processing_vers SNAP_Graph_Processing_Framework_GPF_vers
        familyName instrument instrumentMode instrumentSwath nssdcIdentifier orbitProperties_pass
        platform_number productClass productClassDescription productComposition
        productTimelinessCategory productType resolution sliceProductFlag""",
    (int, float): """
        GRD_Post_Processing_start GRD_Post_Processing_stop SLC_Processing_start
        SLC_Processing_stop cycleNumber instrumentConfigurationID missionDataTakeID
        orbitNumber_start orbitNumber_stop orbitProperties_ascendingNodeTime phaseIdentifier
        relativeOrbitNumber_start relativeOrbitNumber_stop resolution_meters segmentStartTime
        sliceNumber startTimeANX stopTimeANX totalSlices system:time_start system:time_end""",
    list: "transmitterReceiverPolarisation",
}
RING = [[15.0, 45.1], [15.1, 45.1], [15.1, 45.2], [15.0, 45.2], [15.0, 45.1]]
USUAL = {
    "datetime": "2023-12-03T01:59:04Z",
    "platform": "sentinel-1a",
    "sar:instrument_mode": "IW",
    "sat:orbit_state": "ascending",
    "sat:relative_orbit": 137,
    "view:incidence_angle": 35.5,
    "gsd": 30,
}


def scene_of(folder: Path, name: str = "one", **properties: Any) -> Scene:
    raster = Tiff(np.ones((4, 6), "float32"), scale=30.0)
    write_item(
        folder,
        name,
        {"vv": (raster, {"unit": "1"})},
        properties={**USUAL, **properties},
        geometry={"type": "Polygon", "coordinates": [RING]},
    )
    (scene,) = StacCatalog(folder).collection("COPERNICUS/S1_GRD")
    return scene


def bears_all(scene: Scene) -> None:
    for kind, names in REAL.items():
        for name in names.split():
            assert isinstance(scene.properties[name], kind), name
            assert scene.properties[name] not in ("", [])


def test_synthetic_scenes_bear_all() -> None:
    start, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 6, 1, tzinfo=UTC)
    scenes = SyntheticCatalog().collection(
        "COPERNICUS/S1_GRD", bounds=(15.0, 48.0, 15.3, 48.2), start=start, end=end
    )
    kinds = set()
    for scene in scenes:
        bears_all(scene)
        said = scene.properties
        kinds.add((said["instrumentMode"], said["resolution"], said["resolution_meters"]))
        taken = said["orbitProperties_ascendingNodeTime"] + said["startTimeANX"]
        assert taken == pytest.approx(said["system:time_start"], abs=2)
        assert said["segmentStartTime"] <= said["system:time_start"]
        assert 1 <= said["sliceNumber"] <= said["totalSlices"]
    assert kinds == {("IW", "H", 10), ("EW", "M", 40)}


def test_scenes_of_items_bear_all(tmp_path: Path) -> None:
    scene = scene_of(tmp_path)
    bears_all(scene)
    assert scene.properties["relativeOrbitNumber_stop"] == 137
    assert scene.properties["orbitNumber_stop"] == 51484
    assert scene.properties["resolution_meters"] == 10, "Earth Engine's, of pixels of 30 m too"
    assert scene.properties["gsd"] == 30
    node = datetime.fromtimestamp(scene.properties["orbitProperties_ascendingNodeTime"] / 1000, UTC)
    assert node == datetime(2023, 12, 3, 1, 49, 37, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"relativeOrbitNumber_stop": 138}, {"relativeOrbitNumber_stop": 138}),
        ({"orbitNumber_stop": 51485.0}, {"orbitNumber_stop": 51485}),
        ({"orbitNumber_start": 77}, {"orbitNumber_start": 77, "orbitNumber_stop": 77}),
        ({"sliceNumber": 13, "totalSlices": 29}, {"sliceNumber": 13, "totalSlices": 29}),
        ({"s1:slice_number": "7", "s1:total_slices": "9"}, {"sliceNumber": 7, "totalSlices": 9}),
        ({"s1:datatake_id": "225956"}, {"missionDataTakeID": 225956, "s1:datatake_id": "225956"}),
        ({"instrumentSwath": "S3"}, {"instrumentSwath": "S3"}),
        ({"resolution": "M"}, {"resolution": "M", "resolution_meters": 40}),
        ({"resolution_meters": 25}, {"resolution": "H", "resolution_meters": 25}),
        ({"s1:resolution": "medium"}, {"resolution": "M", "resolution_meters": 40}),
        ({"sar:instrument_mode": "EW"}, {"resolution": "M", "resolution_meters": 40}),
        ({"sliceProductFlag": False}, {"sliceProductFlag": "false"}),
        ({"startTimeANX": "789446.6"}, {"startTimeANX": 789446.6}),
        (
            {"sar:looks_range": 5, "mine": "x", "list": [1, 2], "texts": ["a"], "yes": True},
            {"sar:looks_range": 5, "mine": "x", "list": [1, 2], "texts": ["a"], "yes": 1},
        ),
        ({"orbitProperties_pass": "DESCENDING"}, {"orbitProperties_pass": "ASCENDING"}),
    ],
)
def test_what_an_item_says_itself_is_kept(
    tmp_path: Path, said: dict[str, Any], expected: dict[str, Any]
) -> None:
    scene = scene_of(tmp_path, **said)
    bears_all(scene)
    assert {name: scene.properties[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("mode", "name", "resolution", "metres"),
    [
        ("IW", "S1A_IW_GRDH_1SDV_20231203T015904", "H", 10),
        ("EW", "S1A_EW_GRDM_1SDH_20231203T015904", "M", 40),
        ("EW", "S1A_EW_GRDH_1SDH_20231203T015904", "H", 25),
        ("SM", "S1A_S3_GRDH_1SDV_20231203T015904", "H", 10),
        ("IW", "S1A_IW_GRDM_1SDV_20231203T015904", "M", 40),
        ("IW", "OPERA_L2_RTC-S1_T137", "H", 10),
    ],
)
def test_the_resolution_is_the_product_s(
    tmp_path: Path, mode: str, name: str, resolution: str, metres: int
) -> None:
    scene = scene_of(tmp_path, name, **{"sar:instrument_mode": mode})
    said = scene.properties["resolution"], scene.properties["resolution_meters"]
    assert said == (resolution, metres)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"sliceNumber": "seven"}, "properties.sliceNumber: must be a number"),
        ({"s1:slice_number": "seven"}, "properties.s1:slice_number: must be a number"),
        ({"relativeOrbitNumber_stop": True}, "properties.relativeOrbitNumber_stop: must be a"),
        ({"stopTimeANX": "nan"}, "properties.stopTimeANX: must be a finite number"),
        ({"instrumentSwath": 3}, "properties.instrumentSwath: must be a text"),
        ({"resolution": "L"}, "properties.resolution: must be one of H, M"),
        ({"orbitNumber_start": "x"}, "properties.orbitNumber_start: must be a whole number"),
    ],
)
def test_a_property_of_another_type_is_a_fault(
    tmp_path: Path, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(StacError) as fault:
        scene_of(tmp_path, **said)
    assert field in str(fault.value)
