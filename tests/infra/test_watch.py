"""Metrics read fields that are logged; alerts and the dashboard show metrics that exist."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from s1ratio.errors import ErrorClass
from s1ratio.logevents import COMMON, EVENTS
from tests.support import terraform

_USER = "logging.googleapis.com/user/"
# Google's own, by Cloud Monitoring's list of metrics; Earth Engine's by its guide on monitoring.
GOOGLES = {
    "earthengine.googleapis.com/project/cpu/usage_time": "earthengine.googleapis.com/Project",
    "pubsub.googleapis.com/subscription/num_undelivered_messages": "pubsub_subscription",
    "pubsub.googleapis.com/subscription/oldest_unacked_message_age": "pubsub_subscription",
}
FIELDS = {event.name: {*event.fields, *COMMON} for event in EVENTS}


def metrics() -> dict[str, dict[str, Any]]:
    return {r.values["name"]: r.values for r in terraform.dev().resources("google_logging_metric")}


def alert_filters() -> list[str]:
    policies = terraform.dev().resources("google_monitoring_alert_policy")
    text = json.dumps([policy.values["conditions"] for policy in policies])
    return list(_filters(json.loads(text)))


def dashboard() -> dict[str, Any]:
    (board,) = terraform.dev().resources("google_monitoring_dashboard")
    found: dict[str, Any] = json.loads(board.values["dashboard_json"])
    return found


def _filters(value: Any) -> Iterator[str]:
    """Yield every filter somewhere in a document."""
    if isinstance(value, list):
        for item in value:
            yield from _filters(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in {"filter", "denominator_filter"} and item:
                yield item
            else:
                yield from _filters(item)


def _quoted(pattern: str, text: str) -> set[str]:
    return set(re.findall(rf'{pattern}="([^"]+)"', text))


def test_every_metric_counts_lines_that_are_logged() -> None:
    for name, metric in metrics().items():
        events = set(re.findall(r'"([^"]+)"', metric["filter"].partition("jsonPayload.event=")[2]))
        assert events <= set(FIELDS), name
        assert events or name.endswith("/errors")


def test_every_metric_reads_fields_that_its_lines_have() -> None:
    for name, metric in metrics().items():
        events = re.findall(r'"([^"]+)"', metric["filter"].partition("jsonPayload.event=")[2])
        texts = [metric["value_extractor"] or "", *(metric["label_extractors"] or {}).values()]
        for field in re.findall(r"EXTRACT\(jsonPayload\.(\w+)\)", " ".join(texts)):
            assert all(field in FIELDS[event] for event in events), f"{name}: {field}"


def test_classes_of_errors_are_called_what_the_code_calls_them() -> None:
    texts = [path.read_text(encoding="utf-8") for path in terraform.ROOT.glob("infra/*.tf")]
    texts += [json.dumps(dashboard()), *alert_filters()]
    named = {word for text in texts for word in re.findall(r'error_class\W*=\W*"([^"\\[]+)', text)}
    assert named <= set(ErrorClass)


def test_a_metric_is_of_this_deployments_services_alone() -> None:
    names = [f.values["name"] for f in terraform.dev().resources("google_cloudfunctions2_function")]
    for metric in metrics().values():
        (pattern,) = _quoted(
            "resource.labels.service_name=~", metric["filter"].replace("=~", "=~=")
        )
        assert all(re.search(pattern, name) for name in names)
        for other in ("s1r-dev2-poll-tasks", "s1r-dev-poll-tasks-2", "xs1r-dev-poll-tasks"):
            assert not re.search(pattern, other)


@pytest.mark.parametrize("where", ["alerts", "dashboard"])
def test_what_is_watched_exists(where: str) -> None:
    filters = alert_filters() if where == "alerts" else list(_filters(dashboard()))
    assert len(filters) > 7
    for filter_ in filters:
        (metric,) = _quoted("metric.type", filter_)
        (resource,) = _quoted("resource.type", filter_)
        if metric.startswith(_USER):
            known = metrics()[metric.removeprefix(_USER)]
            labels = set(re.findall(r"metric\.labels?\.(\w+)", filter_))
            assert labels <= set(known["label_extractors"] or {})
            assert resource == "cloud_run_revision"
        else:
            assert GOOGLES[metric] == resource


def test_every_metric_is_on_the_dashboard() -> None:
    shown = set().union(*(_quoted("metric.type", f) for f in _filters(dashboard())))
    assert {_USER + name for name in metrics()} | set(GOOGLES) == shown


def test_charts_group_by_labels_that_their_metrics_have() -> None:
    for tile in dashboard()["mosaicLayout"]["tiles"]:
        for data in tile["widget"]["xyChart"]["dataSets"]:
            query = data["timeSeriesQuery"]["timeSeriesFilter"]
            (metric,) = _quoted("metric.type", query["filter"])
            grouped = query["aggregation"].get("groupByFields", [])
            labels = {g.partition("metric.label.")[2] for g in grouped if g.startswith("metric.")}
            if metric.startswith(_USER):
                assert labels <= set(metrics()[metric.removeprefix(_USER)]["label_extractors"])


def test_tiles_do_not_overlap() -> None:
    cells: set[tuple[int, int]] = set()
    for tile in dashboard()["mosaicLayout"]["tiles"]:
        columns = range(tile["xPos"], tile["xPos"] + tile["width"])
        own = {(x, y) for x in columns for y in range(tile["yPos"], tile["yPos"] + tile["height"])}
        assert not own & cells
        assert max(x for x, _ in own) < dashboard()["mosaicLayout"]["columns"]
        cells |= own


def test_every_alert_says_what_to_do() -> None:
    for policy in terraform.dev().resources("google_monitoring_alert_policy"):
        assert len(policy.values["documentation"][0]["content"]) > 30
        assert policy.values["severity"] in {"WARNING", "ERROR", "CRITICAL"}
