"""The STAC item of one VERIFIED composite, as JSON."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pystac

from s1ratio.catalogue import extensions
from s1ratio.catalogue.assets import assets_of
from s1ratio.catalogue.attribution import LICENCE, LICENCE_LINK, attribution, providers
from s1ratio.catalogue.facts import Facts
from s1ratio.catalogue.footprint import footprint_of
from s1ratio.catalogue.placing import ROOT_CATALOGUE, relative
from s1ratio.inputs import Inputs, InputScene
from s1ratio.pictures.subject import subject_of
from s1ratio.request.moments import instant_of

MAX_AREA_TEXT: Final = 20_000  # of the area in the canonical request: the geometry tells as well
REQUEST_FORMAT: Final = "s1ratio-request"
_SCENES_AT: Final = "https://earthengine.googleapis.com/v1/projects/earthengine-public/assets"
_JSON, _GEOJSON = "application/json", "application/geo+json"


def make_item(facts: Facts) -> dict[str, Any]:
    """Return the item's document. Made twice of the same facts it is the same."""
    plan, request = facts.task.plan, facts.request
    geometry, bbox = footprint_of(plan.grid, request.aoi, clip=request.clip)
    first, last = _taken(facts)
    item = pystac.Item(
        plan.id,
        geometry,
        list(bbox),
        None,
        properties=_properties(facts),
        start_datetime=first,
        end_datetime=last,
        stac_extensions=list(extensions.EXTENSIONS),
        collection=facts.place.collection,
    )
    for key, asset in assets_of(facts):
        item.add_asset(key, asset)
    document = item.to_dict(include_self_link=False, transform_hrefs=False)
    document["links"] = _links(facts)
    return document


def text_of(moment: datetime) -> str:
    """Return a time as items have it: UTC, to the second or, where there are any, parts of it."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _taken(facts: Facts) -> tuple[datetime, datetime]:
    """Return from when to when its scenes were taken; the period, where they are not known."""
    scenes = facts.inputs.scenes if facts.inputs is not None else ()
    if scenes:
        return min(s.start for s in scenes), max(s.end for s in scenes)
    last = instant_of(facts.request.end) - timedelta(seconds=1)
    return instant_of(facts.request.start), last


def _properties(facts: Facts) -> dict[str, Any]:
    task, plan, request = facts.task, facts.task.plan, facts.request
    scenes = facts.inputs.scenes if facts.inputs is not None else ()
    platforms = sorted({scene.platform for scene in scenes})
    absolute = sorted({scene.absolute_orbit for scene in scenes})
    published = task.end.ended_at or task.created_at
    version = f"{facts.place.revision}" + (f".{task.run.attempt}" if task.run.attempt > 1 else "")
    known: dict[str, Any] = {
        "title": subject_of(plan, request, synthetic=facts.publisher.synthetic).flown,
        "created": text_of(published),
        "updated": text_of(published),
        "published": text_of(published),
        "version": version,
        "deprecated": False,
        "license": LICENCE,
        "attribution": attribution(_years(facts), facts.publisher),
        "providers": providers(facts.publisher),
        "constellation": "sentinel-1",
        "platform": f"sentinel-1{platforms[0].lower()}" if len(platforms) == 1 else None,
        "instruments": ["c-sar"],
        "gsd": request.grid.scale,
        **extensions.projection(plan.grid),
        **extensions.sar(),
        **extensions.sat(plan.direction, plan.orbit, absolute),
        **_processing(facts, published),
        **_own(facts),
    }
    return {name: value for name, value in known.items() if value is not None}


def _years(facts: Facts) -> list[int]:
    return [moment.year for moment in _taken(facts)]


def _processing(facts: Facts, published: datetime) -> dict[str, Any]:
    request, made_by = facts.request, facts.task.origin.made_by
    products = ", ".join(product.value for product in request.products)
    statistics = ", ".join(statistic.value for statistic in request.statistics)
    subject = subject_of(facts.task.plan, request, synthetic=facts.publisher.synthetic)
    software = [maker.software for maker in made_by if maker.software]
    return {
        "processing:level": "L3",
        "processing:lineage": (
            f"{request.collection.value}, {subject.period}: {subject.speckle}; {products}; "
            f"{statistics} of the passes of one relative orbit and direction"
        ),
        "processing:facility": "Google Earth Engine" if facts.publisher.is_real else None,
        "processing:datetime": text_of(facts.task.run.succeeded_at or published),
        "processing:software": {"s1ratio": software[-1]} if software else None,
        "processing:expression": {"format": REQUEST_FORMAT, "expression": _canonical(facts)},
    }


def _canonical(facts: Facts) -> dict[str, Any]:
    """Return the request with the defaults of its day; a long outline is left out."""
    message = dict(facts.message)
    if len(str(message.get("aoi"))) > MAX_AREA_TEXT:
        del message["aoi"]
    return message


def _own(facts: Facts) -> dict[str, Any]:
    """Return what no extension has words for; what is None is left out."""
    task, result = facts.task, facts.task.result
    inputs, late = facts.inputs, facts.late
    return {
        "s1ratio:request_id": task.plan.request_id,
        "s1ratio:labels": dict(facts.labels) or None,
        "s1ratio:made_by": [asdict(maker) for maker in task.origin.made_by] or None,
        "s1ratio:eecu_seconds": task.run.eecu_seconds,
        "s1ratio:footprint_share": facts.footprint_share,
        "s1ratio:valid_share": result.valid_share,
        "s1ratio:two_pass_share": result.two_pass_share,
        "s1ratio:counted_share": result.counted_share,
        "s1ratio:same_as": result.same_as,
        "s1ratio:notes": list(result.notes) or None,
        "s1ratio:synthetic": facts.publisher.synthetic or None,
        "s1ratio:scenes": [_scene(each) for each in inputs.scenes] if inputs else None,
        "s1ratio:scenes_whole": inputs.whole if inputs else None,
        "s1ratio:scenes_pinned": task.plan.scenes is not None,
        "s1ratio:scenes_missing": _missing(facts) or None,
        "s1ratio:scenes_late": [_scene(each) for each in late.scenes] if late else None,
    }


def _missing(facts: Facts) -> list[str]:
    """Return the pinned scenes that are not listed any more: a rerun would lack them."""
    pins, inputs = facts.task.plan.scenes, facts.inputs
    if pins is None or inputs is None or not inputs.whole:
        return []
    return sorted(set(pins) - set(inputs.ids))


def _scene(scene: InputScene) -> dict[str, Any]:
    said = {
        "id": scene.id,
        "datetime": text_of(scene.start),
        "end_datetime": text_of(scene.end),
        "platform": f"sentinel-1{scene.platform.lower()}",
        "absolute_orbit": scene.absolute_orbit,
        "relative_orbit": scene.relative_orbit,
        "processing_baseline": scene.baseline,
    }
    return {name: value for name, value in said.items() if value is not None}


def _links(facts: Facts) -> list[dict[str, Any]]:
    place = facts.place
    up = [
        ("root", ROOT_CATALOGUE, _JSON),
        ("parent", place.year_catalogue, _JSON),
        ("collection", place.collection_document, _JSON),
    ]
    links: list[dict[str, Any]] = [
        {"rel": rel, "href": relative(name, place.item), "type": kind} for rel, name, kind in up
    ]
    if not facts.publisher.synthetic:
        links.append({"rel": "license", "href": LICENCE_LINK, "type": "application/pdf"})
    return links + _derived_from(facts)


def _derived_from(facts: Facts) -> list[dict[str, Any]]:
    """Return a link to each scene, where it has a page of its own: Earth Engine's, as JSON."""
    inputs: Inputs | None = facts.inputs
    if inputs is None or not facts.publisher.is_real:
        return []
    folder = f"{_SCENES_AT}/{facts.request.collection.value}"
    return [
        {"rel": "derived_from", "href": f"{folder}/{each.id}", "type": _JSON, "title": each.id}
        for each in inputs.scenes
    ]
