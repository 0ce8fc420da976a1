"""What is not to be answered is refused, in words that name what is wrong."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s1ratio.adapters.http.app import Served
from s1ratio.services.reading.catalogue import MOST_BYTES
from s1ratio.services.reading.openapi import PROBLEM
from tests.support.reading_world import ITEM, Dismissals, ReadingWorld, open_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadingWorld]:
    found = open_world(tmp_path_factory.mktemp("read"))
    yield found
    found.store.close()


def cursor(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=-1", "limit"),
        ("limit=1e2", "limit"),
        ("limit=%D9%A1", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=2", "limit"),
        ("offset=1", "offset"),
        ("cursor=", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=" + "A" * 5000, "cursor"),
        (f"cursor={cursor('x')}", "cursor"),
        (f"cursor={cursor('2024-01-01', 'x', 'y')}", "cursor"),
        (f"cursor={cursor('2024-01-01', 7)}", "cursor"),
        (f"cursor={cursor('yesterday', 'x')}", "cursor"),
        (f"cursor={cursor('0001-01-01T00:00:00+23:00', 'x')}", "cursor"),
        (f"cursor={cursor('2024-01-01', chr(0))}", "cursor"),
        ("state=GONE", "state"),
        ("state=verified", "state"),
        ("status=done", "status"),
        ("region=", "region"),
        ("region=" + "r" * 41, "region"),
        ("region=a&region=b", "region"),
        ("label=a%00", "label"),
        ("label=" + "%F0%9F%98%80" * 400, "label"),
        (f"cursor={cursor('2024-01-01', 'x' * 1501)}", "cursor"),
        ("label=owner", "label"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2024-01-01T00:00:00", "datetime"),
        ("datetime=2024-13-01", "datetime"),
        ("datetime=../..", "datetime"),
        ("datetime=/", "datetime"),
        ("datetime=2024-02-01/2024-01-01", "datetime"),
        ("datetime=0001-01-01T00:00:00%2B23:00", "datetime"),
        ("type=openeo", "type"),
        ("id=r1&state=FAILED", "id"),
        ("&".join(f"id=r{n}" for n in range(21)), "id"),
        ("<script>=1", "<script>"),
    ],
)
def test_a_bad_parameter_is_named(world: ReadingWorld, query: str, parameter: str) -> None:
    response = world.client.get(f"/jobs?{query}")
    assert (response.status_code, response.mimetype) == (400, PROBLEM), response.text
    told = response.get_json()
    assert (told["parameter"], told["status"]) == (parameter, 400)
    assert told["detail"].startswith(f"{parameter}: ")


@pytest.mark.parametrize(
    "path",
    [
        "/stac/../store.sqlite",
        "/stac/%2e%2e/store.sqlite",
        "/stac/%2e%2e%2fstore.sqlite",
        "/stac/%252e%252e/x.json",
        "/stac/..%5cx.json",
        "/stac/./catalog.json",
        "/stac/.hidden.json",
        "/stac//catalog.json",
        "/stac/product-vvvh//2024/r1.png",
        "/stac/%2fetc%2fpasswd.json",
        "/stac/x%00.json",
        "/stac/catalog.json%0a",
        "/stac/product-vvvh",
        "/stac/composites/r1/a.tif",
        "/stac/a/b/c/d/e/f/g/h/i.json",
        "/stac/" + "a" * 300 + ".json",
        "/stac/link.json",
        "/stac/folder.json",
        "/stac/%C3%BC.json",
        "/composites/r1/a.tif",
        "/alerts/x",
    ],
)
def test_nothing_but_the_catalogue_s_own_files_is_read(world: ReadingWorld, path: str) -> None:
    secret = world.folder.parent / "secret.json"
    secret.write_text('{"secret": true}')
    link = world.folder / "stac" / "link.json"
    if not link.is_symlink():
        link.symlink_to(secret)
        (world.folder / "stac" / "folder.json").mkdir()
    response = world.client.get(path)
    assert response.status_code == 404, response.text
    assert response.mimetype == PROBLEM
    assert "secret" not in response.text.replace("/secret", "")


def test_files_of_the_catalogue_come_as_they_are(world: ReadingWorld) -> None:
    response = world.client.get("/stac/product-vvvh/2024/r1-o131a.json")
    assert (response.get_json(force=True), response.mimetype) == (ITEM, "application/geo+json")
    assert world.client.get("/stac").data == world.client.get("/stac/catalog.json").data
    assert world.client.get("/stac/product-vvvh/2024/r1.png").data == b"\x89PNG"
    large = world.folder / "stac" / "large.json"
    large.write_bytes(b" " * (MOST_BYTES + 1))
    assert world.client.get("/stac/large.json").status_code == 500
    large.unlink()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/", "/jobs", "/processes/composite", "/stac", "/regions/alps"])
def test_what_only_reads_takes_no_other_method(world: ReadingWorld, method: str, path: str) -> None:
    response = world.client.open(path, method=method)
    assert (response.status_code, response.mimetype) == (405, PROBLEM)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_head_is_a_get_without_its_body(world: ReadingWorld) -> None:
    got, head = world.client.get("/jobs/r1"), world.client.head("/jobs/r1")
    assert head.data == b""
    assert (head.status_code, dict(head.headers)) == (200, dict(got.headers))
    assert world.client.head("/jobs/none").status_code == 404


def test_who_has_an_answer_is_told_that_it_is_as_before(world: ReadingWorld) -> None:
    first = world.client.get("/jobs/r1")
    again = world.client.get("/jobs/r1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    other = world.client.get("/jobs/every", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


@pytest.mark.parametrize("path", ["/", "/jobs/none", "/nowhere", "/stac/catalog.json"])
def test_every_answer_forbids_what_a_page_might_do_with_it(world: ReadingWorld, path: str) -> None:
    headers = world.client.get(path, headers={"Origin": "https://evil.test"}).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert not [name for name, _ in headers if name.startswith("Access-Control")]
    assert headers["Cache-Control"].split(",")[0] in ("private", "no-store")


@pytest.mark.parametrize("host", ["", "a b", "evil.test/x", "a<b>", "x@y", "a:b", "a:123456"])
def test_a_host_that_is_none_is_refused(world: ReadingWorld, host: str) -> None:
    response = world.client.get("/jobs", headers={"Host": host})
    assert response.status_code == 400
    assert host == "" or host not in response.text


def test_a_server_of_this_machine_answers_by_its_own_names_alone(world: ReadingWorld) -> None:
    """Else a page whose name leads to 127.0.0.1 could read it."""
    client = replace(world, served=Served(hosts=frozenset({"127.0.0.1", "localhost"}))).client
    assert client.get("/jobs", headers={"Host": "127.0.0.1:8700"}).status_code == 200
    assert client.get("/jobs", headers={"Host": "LOCALHOST"}).status_code == 200
    refused = client.get("/jobs", headers={"Host": "evil.test:8700"})
    assert (refused.status_code, refused.mimetype) == (421, PROBLEM)
    assert client.delete("/jobs/every", headers={"Host": "evil.test"}).status_code == 421


def test_links_lead_back_the_way_that_was_come(world: ReadingWorld) -> None:
    proxied = replace(world, served=Served(proxied=True)).client
    headers = {"Host": "status.test", "X-Forwarded-Proto": "https"}
    links = proxied.get("/jobs?limit=1&state=FAILED&state=RUNNING", headers=headers).get_json()
    by_rel = {link["rel"]: link["href"] for link in links["links"]}
    start = "https://status.test/jobs?limit=1&state=FAILED&state=RUNNING"
    assert by_rel["self"] == start
    assert by_rel["next"].startswith(f"{start}&cursor=")
    plain = world.client.get("/", headers={**headers, "X-Forwarded-Host": "evil.test"}).get_json()
    assert plain["links"][0]["href"] == "http://status.test/"


def token(claims: Any) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"Bearer e30.{body}.SIGNATURE_REMOVED"


@pytest.mark.parametrize(
    ("authorization", "by"),
    [
        (token({"email": "me@example.com"}), "me@example.com"),
        (token({"email": "m" * 300}), "m" * 100),
        (token({"email": 7}), ""),
        (token({"email": "a\nb"}), ""),
        (token([]), ""),
        ("Bearer a.b.c", ""),
        ("Bearer a.\u00fc.c".encode().decode("latin-1"), ""),
        ("Basic e30.e30.e30", ""),
        ("Bearer", ""),
        ("", ""),
    ],
)
def test_who_dismisses_is_whom_the_front_let_in(
    world: ReadingWorld, authorization: str, by: str
) -> None:
    dismissals = Dismissals("d-1")
    behind = replace(world, served=Served(proxied=True), dismissals=dismissals)
    response = behind.client.delete("/jobs/every", headers={"Authorization": authorization})
    assert (response.status_code, response.get_json()["command"]) == (202, "d-1")
    assert dismissals.asked == [("every", by, f"dismissed by {by or 'somebody'}")]
    (monitor,) = [one for one in response.get_json()["links"] if one["rel"] == "monitor"]
    assert monitor["href"].endswith("/commands/d-1")


def test_what_was_cancelled_may_be_dismissed_again(world: ReadingWorld) -> None:
    dismissals = Dismissals()
    client = replace(world, dismissals=dismissals).client
    response = client.delete("/jobs/in-cancelled")
    assert (response.status_code, response.get_json()["status"]) == (200, "dismissed")
    assert dismissals.asked == []


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.text(min_size=1, max_size=60))
@pytest.mark.parametrize(
    "path", ["/jobs/{}", "/jobs/{}/tasks", "/why/{}", "/stac/{}", "/regions/{}"]
)
def test_any_name_is_answered_in_order(world: ReadingWorld, path: str, name: str) -> None:
    encoded = quote(name.encode("utf-8", "surrogatepass"), safe="")
    response = world.client.get(path.format(encoded))
    assert response.status_code in (404, 200), response.text
    assert response.is_json


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=st.lists(st.tuples(st.text(max_size=20), st.text(max_size=60)), max_size=4))
def test_any_query_is_answered_in_order(world: ReadingWorld, query: list[tuple[str, str]]) -> None:
    pairs = [
        (name.encode("utf-8", "replace").decode(), value.encode("utf-8", "replace").decode())
        for name, value in query
    ]
    response = world.client.get("/jobs", query_string=pairs)
    assert response.status_code in (200, 400), response.text
