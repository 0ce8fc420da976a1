"""How an item's links are told over HTTPS."""

import json
from typing import Any

import pytest

from s1ratio.catalogue.serving import served_document


@pytest.mark.parametrize("data", [b"no json", b"[]", b'{"links": []}', b'{"assets": 1}'])
def test_what_is_no_item_is_told_as_it_is(data: bytes) -> None:
    assert served_document("stac/x.json", data, "gs://exports") == data


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
