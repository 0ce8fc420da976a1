"""Revisions of one composite: which came before, which after, which is the latest."""

from collections.abc import Mapping
from typing import Any

from s1ratio.catalogue.placing import relative

_RELATIONS = ("predecessor-version", "successor-version", "latest-version")
_KIND = "application/geo+json"


def versioned(document: Mapping[str, Any], own: int, chain: Mapping[int, str]) -> dict[str, Any]:
    """Return an item with its links to other revisions; deprecated if there is a later one.

    `chain` are the objects' names of all revisions by their numbers, its `own` among them.
    """
    before, after = [n for n in chain if n < own], [n for n in chain if n > own]
    found = {
        "predecessor-version": max(before, default=None),
        "successor-version": min(after, default=None),
        "latest-version": max(after, default=None),
    }
    links = [
        {"rel": rel, "href": relative(chain[number], chain[own]), "type": _KIND}
        for rel, number in found.items()
        if number is not None
    ]
    others = [link for link in document["links"] if link.get("rel") not in _RELATIONS]
    properties = {**document["properties"], "deprecated": bool(after)}
    return {**document, "properties": properties, "links": [*others, *links]}
