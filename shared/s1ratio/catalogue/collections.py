"""The documents over items: the root, collections, years. Each takes what is there and adds to it.

To add the same once more changes nothing, in whatever order and by whomever it is done.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import pystac

from s1ratio.catalogue.attribution import LICENCE, LICENCE_LINK, providers
from s1ratio.catalogue.facts import Publisher
from s1ratio.catalogue.footprint import BBox, united
from s1ratio.catalogue.placing import CATALOGUE, COLLECTION, ROOT_CATALOGUE, ItemPlace, relative

Document = dict[str, Any]
_JSON, _GEOJSON = "application/json", "application/geo+json"
# What of its items a collection sums up, and under which name.
_SUMMED: Final = ("platform", "sat:orbit_state", "sat:relative_orbit", "proj:code", "gsd")
_WORDS: Final = {
    "region": "Sentinel-1 composites of the region {}",
    "incident": "Sentinel-1 composites from before and after the incident {}",
    "product": "Sentinel-1 composites that were requested one by one, of the product {}",
}


def root_with(
    document: Document | None, collections: Iterable[str], publisher: Publisher
) -> Document:
    """Return the root catalogue with these collections among its children."""
    found = document or _catalogue(
        f"s1ratio-{publisher.deployment}",
        "Sentinel-1 VV/VH composites: a collection for each region, incident and product",
        [{"rel": "root", "href": f"./{CATALOGUE}", "type": _JSON}],
    )
    return _with_links(found, "child", (f"./{name}/{COLLECTION}" for name in collections), _JSON)


def collection_with(
    document: Document | None,
    place: ItemPlace,
    years: Iterable[int],
    items: Sequence[Mapping[str, Any]],
    publisher: Publisher,
) -> Document:
    """Return a collection with these years among its children, its extent around these items."""
    found = document or _new_collection(place.collection, items, publisher)
    found = _with_links(found, "child", (f"./{year:04d}/{CATALOGUE}" for year in years), _JSON)
    return {
        **found,
        "extent": _extent_with(found["extent"], items),
        "summaries": _summaries_with(found.get("summaries", {}), items),
    }


def year_with(document: Document | None, place: ItemPlace, item_ids: Iterable[str]) -> Document:
    """Return the catalogue of a year with these items among those that it names."""
    up = {
        "root": relative(ROOT_CATALOGUE, place.year_catalogue),
        "parent": relative(place.collection_document, place.year_catalogue),
    }
    found = document or _catalogue(
        f"{place.collection}-{place.year:04d}",
        f"Composites whose periods begin in {place.year}",
        [{"rel": rel, "href": href, "type": _JSON} for rel, href in up.items()],
    )
    return _with_links(found, "item", (f"./{name}.json" for name in item_ids), _GEOJSON)


def _catalogue(name: str, description: str, links: list[dict[str, str]]) -> Document:
    made = pystac.Catalog(name, description)
    return {**made.to_dict(include_self_link=False, transform_hrefs=False), "links": links}


def _new_collection(
    name: str, items: Sequence[Mapping[str, Any]], publisher: Publisher
) -> Document:
    kind, _, of = name.partition("-")
    first = items[0]
    extent = pystac.Extent.from_dict(
        {
            "spatial": {"bbox": [list(first["bbox"])]},
            "temporal": {"interval": [list(_times(first))]},
        }
    )
    words = _WORDS[kind].format(of)
    made = pystac.Collection(name, words, extent, title=words, license=LICENCE)
    document = made.to_dict(include_self_link=False, transform_hrefs=False)
    links = [{"rel": rel, "href": f"../{CATALOGUE}", "type": _JSON} for rel in ("root", "parent")]
    if not publisher.synthetic:
        links.append({"rel": "license", "href": LICENCE_LINK, "type": "application/pdf"})
    keywords = ["sentinel-1", "sar", "backscatter ratio", kind]
    return {**document, "keywords": keywords, "providers": providers(publisher), "links": links}


def _with_links(document: Document, rel: str, hrefs: Iterable[str], kind: str) -> Document:
    """Return a document with links of a relation that it lacks, all of them in order."""
    known = {link["href"] for link in document["links"] if link.get("rel") == rel}
    wanted = set(hrefs)
    if wanted <= known:
        return document
    others = [link for link in document["links"] if link.get("rel") != rel]
    mine = [{"rel": rel, "href": href, "type": kind} for href in sorted(known | wanted)]
    return {**document, "links": others + mine}


def _extent_with(extent: Mapping[str, Any], items: Sequence[Mapping[str, Any]]) -> Document:
    box: BBox = tuple(extent["spatial"]["bbox"][0])
    first, last = extent["temporal"]["interval"][0]
    for item in items:
        box = united(box, tuple(item["bbox"]))
        begins, ends = _times(item)
        first, last = min(first, begins, key=_moment), max(last, ends, key=_moment)
    return {"spatial": {"bbox": [list(box)]}, "temporal": {"interval": [[first, last]]}}


def _summaries_with(
    summaries: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> dict[str, list[Any]]:
    found = dict(summaries)
    for name in _SUMMED:
        values = {item["properties"][name] for item in items if name in item["properties"]}
        values |= set(summaries.get(name, ()))
        if values:
            found[name] = sorted(values)
    return found


def _times(item: Mapping[str, Any]) -> tuple[str, str]:
    properties = item["properties"]
    return properties["start_datetime"], properties["end_datetime"]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))
