"""Bodies of image:export: what the client sends is read, anything else is refused by name."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local_earthengine.batch.export_request import parse_export
from local_earthengine.errors import EarthEngineError


def body(**over: Any) -> dict[str, Any]:
    """What the client sends for an export to Cloud Storage with every option."""
    return {
        "expression": {"values": {"0": {"constantValue": 1}}, "result": "0"},
        "description": "an-export",
        "fileExportOptions": {
            "fileFormat": "GEO_TIFF",
            "cloudStorageDestination": {"bucket": "my-bucket", "filenamePrefix": "a/b"},
            "geoTiffOptions": {
                "cloudOptimized": True,
                "noData": {"floatValue": -9999},
                "tileDimensions": {"width": 512, "height": 256},
                "tileSize": {"value": 256},
                "skipEmptyFiles": True,
            },
        },
        "maxPixels": {"value": "10000000000000"},
        "requestId": "s1-0123",
        "priority": {"value": 7},
        "workloadTag": "tag",
        **over,
    }


def test_what_the_client_sends_is_read() -> None:
    request = parse_export(body())
    assert request.max_pixels == 10**13
    assert request.priority == 7
    assert request.options.cloud_optimized
    assert request.options.no_data is not None
    assert request.options.no_data.float_value == -9999
    assert request.options.tile_size == 256
    assert request.destination.container == "my-bucket"


def test_the_defaults_are_earth_engines() -> None:
    options = {"fileFormat": "GEO_TIFF", "driveDestination": {"filenamePrefix": "n"}}
    request = parse_export({"expression": {}, "fileExportOptions": options})
    assert request.max_pixels == 100_000_000
    assert request.priority == 100
    assert request.destination.kind == "drive"
    assert not request.options.cloud_optimized


@pytest.mark.parametrize("request_id", ["a" * 61, "a_b", "ä", "a b", "a.b"])
def test_request_ids_have_60_letters_digits_and_hyphens(request_id: str) -> None:
    with pytest.raises(EarthEngineError, match="Invalid request_id"):
        parse_export(body(requestId=request_id))
    assert parse_export(body(requestId="a" * 60)).request_id == "a" * 60


@pytest.mark.parametrize("description", ["a" * 101, "a b", "a/b", "ä", "a\n"])
def test_descriptions_have_100_plain_characters(description: str) -> None:
    with pytest.raises(EarthEngineError, match="Invalid description"):
        parse_export(body(description=description))
    assert parse_export(body(description="aZ9.,:;_-" * 11)).description


@pytest.mark.parametrize(
    ("over", "where"),
    [
        ({"expression": None}, "expression"),
        ({"expression": [1]}, "expression"),
        ({"fileExportOptions": None}, "fileExportOptions"),
        ({"priority": {"value": 10_000}}, "priority"),
        ({"priority": -1}, "priority"),
        ({"maxPixels": {"value": "many"}}, "maxPixels"),
        ({"maxPixels": {"value": "0"}}, "maxPixels"),
        ({"requestId": 5}, "requestId"),
        ({"fileExportOptions": {"fileFormat": "GEO_TIFF"}}, "fileExportOptions"),
    ],
)
def test_bad_fields_are_named(over: dict[str, Any], where: str) -> None:
    with pytest.raises(EarthEngineError, match=f"Invalid value at '{where}"):
        parse_export(body(**over))


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"tileDimensions": {"width": 300, "height": 256}}, "multiples of tileSize"),
        ({"tileSize": {"value": 100}}, "multiple of 16"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_bad_options_of_the_file_are_named(options: dict[str, Any], what: str) -> None:
    file_options = body()["fileExportOptions"] | {"geoTiffOptions": options}
    with pytest.raises(EarthEngineError, match=what):
        parse_export(body(fileExportOptions=file_options))


def test_an_export_to_an_asset_is_not_here() -> None:
    with pytest.raises(EarthEngineError, match=r"Exports to an asset .*not supported") as refusal:
        parse_export(body(assetExportOptions={"earthEngineDestination": {"name": "a"}}))
    assert (refusal.value.status, refusal.value.code) == (501, "UNIMPLEMENTED")


def test_other_formats_are_refused() -> None:
    options = body()["fileExportOptions"] | {"fileFormat": "TF_RECORD_IMAGE"}
    with pytest.raises(EarthEngineError, match=r"fileFormat"):
        parse_export(body(fileExportOptions=options))


def test_a_destination_outside_is_refused_before_anything_is_queued() -> None:
    options = body()["fileExportOptions"]
    options["cloudStorageDestination"] = {"bucket": "my-bucket", "filenamePrefix": "../x"}
    with pytest.raises(EarthEngineError, match="Invalid object name"):
        parse_export(body(fileExportOptions=options))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.sampled_from(sorted(body())), json_values)
def test_any_field_of_any_kind_is_read_or_refused(name: str, value: Any) -> None:
    with suppress(EarthEngineError):  # nothing else may be raised
        request = parse_export(body(**{name: value}))
        assert 0 <= request.priority <= 9999
        assert request.max_pixels > 0
