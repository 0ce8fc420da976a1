"""What the deployment itself writes is nobody's destination, but for its own smoke test."""

import json
import re
from typing import Any

import pytest

from s1ratio.request import Limits, read_message
from s1ratio.request.checks import RESERVED_PREFIXES
from s1ratio.request.reader import stored_request
from s1ratio.request.smoke_message import smoke_message
from tests.conventions.source import ROOT
from tests.support.messages import faults_of, message


@pytest.mark.parametrize("request_id", ["smoke-1", "smoke-0123456789ab", "mine", "a" * 40])
def test_a_smoke_message_is_taken_under_any_id(request_id: str) -> None:
    found = read_message(json.dumps(smoke_message(request_id)), Limits())
    assert found.request_id == request_id


@pytest.mark.parametrize(
    "change",
    [
        {"request_id": "smoke-2"},
        {"request_id": "SMOKE"},
        {"request_id": None},
        {"request_id": {"a": []}},
        {"aoi": {"bbox": [14, -20, 15, -19]}},
        {"start": "2022-06-01"},
        {"grid": {"crs": "utm", "scale": 10}},
        {"products": ["vv_db", "vh_db"]},
        {"destination": {"kind": "gcs", "prefix": "smoke/mine"}},
        {"labels": {"purpose": "smoke", "of": "mine"}},
        {"orbits": [58]},
    ],
    ids=str,
)
def test_what_only_looks_like_one_is_refused(change: dict[str, Any]) -> None:
    faults = faults_of(json.dumps({**smoke_message("smoke-1"), **change}))
    assert {"destination.prefix", "request_id"} & {fault.path for fault in faults}


@pytest.mark.parametrize("prefix", sorted(RESERVED_PREFIXES))
def test_what_was_accepted_before_a_prefix_was_reserved_is_read_again(prefix: str) -> None:
    sent = message(destination={"kind": "gcs", "prefix": f"{prefix}/mine"})
    assert stored_request(json.dumps(sent)).destination.model_dump()["prefix"] == f"{prefix}/mine"


def test_prefixes_that_the_bucket_treats_in_its_own_way_are_reserved() -> None:
    text = (ROOT / "infra/storage.tf").read_text(encoding="utf-8")
    exports = text.partition('resource "google_storage_bucket" "exports"')[2]
    rules = re.findall(r"matches_prefix += \[(.*?)\]", exports.partition("\nresource ")[0])
    treated = {name.split("/")[0] for rule in rules for name in re.findall(r'"(.*?)"', rule)}
    assert treated
    assert treated <= RESERVED_PREFIXES
