"""Facts of composites for items, as a test wants them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from s1ratio.catalogue.facts import BandStatistics, Facts, FileFacts, Publisher
from s1ratio.catalogue.placing import place_item
from s1ratio.inputs import Inputs, InputScene
from s1ratio.plan import OrbitPass, PlanLimits, make_plan
from s1ratio.request import Direction, Limits, read_message
from s1ratio.request.resolved import filled_in, resolve
from s1ratio.task import Maker, TaskState, planned
from tests.support.task_fields import with_fields

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
REAL = Publisher("prod")
MD5 = "OhyPbfRowfOxkKpX8FnQQg=="


def scene(day: int, platform: str = "A", orbit: int = 50_000) -> InputScene:
    start = datetime(2024, 5, day, 16, 51, 13, tzinfo=UTC)
    last = start + timedelta(seconds=25)
    name = f"S1{platform}_IW_GRDH_1SDV_{start:%Y%m%dT%H%M%S}_{last:%Y%m%dT%H%M%S}_{orbit:06d}_AB_CD"
    return InputScene(name, platform, start, last, orbit, 146, "003.71")


SCENES = (scene(7), scene(19, "C", 50_175))

ALL = Inputs(SCENES)


def facts(
    inputs: Inputs | None = ALL,
    *,
    publisher: Publisher = REAL,
    pinned: tuple[str, ...] | None = None,
    files: int = 1,
    tile: int = 0,
    limits: PlanLimits | None = None,
    **fields: Any,
) -> Facts:
    """Return the facts of a VERIFIED composite of a message with these fields."""
    sent = {
        "request_id": "r1",
        "aoi": {"bbox": [14.60, 48.00, 14.62, 48.01]},
        "start": "2024-05-01",
        "end": "2024-05-20",
        "grid": {"crs": "utm", "scale": 50},
        **fields,
    }
    read = read_message(json.dumps(sent), Limits(max_area_km2=6e8))
    passes = (OrbitPass(146, Direction.ASCENDING, 0.9, pinned=pinned),)
    plan = make_plan(read.request_id, read.request, passes, limits or PlanLimits(), NOW).tasks[tile]
    name = plan.object_name(1)
    parts = [f"{name}{i * 1024:010d}-0000000000.tif" for i in range(files)]
    names = parts if files > 1 else [f"{name}.tif"]
    task = with_fields(
        planned(plan, NOW, 100, NOW),
        state=TaskState.VERIFIED,
        files=tuple(names),
        verified=True,
        valid_share=0.93,
        eecu_seconds=12.5,
        succeeded_at=NOW,
        ended_at=NOW + timedelta(minutes=1),
        made_by=(Maker("0.1.0+abc", "1f64" * 10, read.digest),),
        notes=("a note",),
    )
    numbers = BandStatistics(-4.0, 12.0, 7.1, 1.3, 93.0)
    known = tuple(FileFacts(each, 5_941, MD5, (numbers,) * len(plan.bands), 2.0) for each in names)
    labels, product = read.request.labels, read.request.products[0].value
    return Facts(
        task=task,
        request=read.request,
        message=filled_in(json.loads(read.text), resolve(read.request)),
        labels=labels,
        place=place_item(plan.id, read.request_id, labels, product, 2024),
        files=known,
        publisher=publisher,
        footprint_share=0.9,
        inputs=inputs,
        has_pictures=True,
    )


def nothing_seen(one: Facts) -> Facts:
    """Return facts whose files nobody could look at."""
    files = tuple(FileFacts(each.name, each.size) for each in one.files)
    return replace(one, files=files, has_pictures=False)
