"""What of the bucket is served as the catalogue, and how its links are told."""

import json
from typing import Any

import pytest

from s1ratio.catalogue.serving import ServedObject, object_for, served_document


@pytest.mark.parametrize(
    ("path", "name", "kind"),
    [
        ("", "stac/catalog.json", "application/json"),
        ("/catalog.json", "stac/catalog.json", "application/json"),
        ("region-d/collection.json", "stac/region-d/collection.json", "application/json"),
        ("region-d/2024/catalog.json", "stac/region-d/2024/catalog.json", "application/json"),
        ("region-d/2024/r-o131a.json", "stac/region-d/2024/r-o131a.json", "application/geo+json"),
        ("product-vvvh_db/2024/r.png", "stac/product-vvvh_db/2024/r.png", "image/png"),
    ],
)
def test_a_path_is_an_object(path: str, name: str, kind: str) -> None:
    assert object_for(path) == ServedObject(name, kind)


@pytest.mark.parametrize(
    "path",
    [
        "../composites/r1/r1.tif",
        "a/../../composites/x.json",
        "a/%2e%2e/x.json",
        "a/b/c/d.json",
        "region-d/2024",
        "region-d/2024/r.tif",
        "x.png",
        ".json",
        "a//b.json",
        "a/b.json\n",
    ],
)
def test_nothing_else_is(path: str) -> None:
    assert object_for(path) is None


def test_files_are_told_where_the_bucket_has_them() -> None:
    item: dict[str, Any] = {
        "links": [{"rel": "root", "href": "../../catalog.json"}],
        "assets": {
            "data": {"href": "../../../composites/r1/r1.tif"},
            "thumbnail": {"href": "./r1-thumbnail.png"},
            "other": {"href": "https://example.org/x"},
        },
    }
    data = json.dumps(item).encode()
    told = json.loads(served_document("stac/p/2024/r1.json", data, "gs://exports/"))
    assert told["assets"]["data"]["href"] == "gs://exports/composites/r1/r1.tif"
    assert told["assets"]["thumbnail"] == item["assets"]["thumbnail"]
    assert told["assets"]["other"] == item["assets"]["other"]
    assert told["links"] == item["links"]
