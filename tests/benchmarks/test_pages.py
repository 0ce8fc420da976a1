"""What a page costs among 10,000 requests, 1,000 regions, 100,000 alerts, beside a bare answer."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, jsonify

from tests.support.reading_crowd import PATHS, open_crowd

pytestmark = pytest.mark.bench

AT_MOST_S = 0.3  # of CPU, a page
_BARE = 200


def bare_answer_s() -> float:
    """Return the CPU time of an answer of Flask's that asks nothing."""
    app = Flask("bare")
    app.add_url_rule("/", "bare", lambda: jsonify({"links": []}))
    client = app.test_client()
    client.get("/")
    began = time.process_time()
    for _ in range(_BARE):
        client.get("/")
    return (time.process_time() - began) / _BARE


def test_what_a_page_costs(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    crowd = open_crowd(tmp_path, requests=10_000, regions=1_000, alerts=100_000)
    bare = bare_answer_s()
    for path in PATHS:
        page = crowd.cost(path)
        assert page.cpu_s < AT_MOST_S, (path, page)
        record_property(
            "figures",
            f"{path}: {page.reads} documents read (+ {page.counts} for counts), "
            f"{1000 * page.cpu_s:.1f} ms of CPU, {page.cpu_s / bare:.0f} × a bare answer",
        )
    crowd.world.store.close()
