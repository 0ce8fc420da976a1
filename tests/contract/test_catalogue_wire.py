"""The catalogue's documents over Cloud Storage's wire: many writers of one, and nothing lost."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from s1ratio.adapters.bucket.documents import GcsDocuments
from s1ratio.adapters.bucket.objects import make_client
from s1ratio.catalogue.facts import Facts
from s1ratio.catalogue.item import make_item
from s1ratio.errors import Conflict, ObjectStoreUnavailable
from s1ratio.ports import DocumentStore
from s1ratio.services.catalogue.writing import write_above, write_item
from tests.support.object_stores import at_most, black_hole
from tests.support.simulated import Breaker, Crashed, broken
from tests.support.storage_server import DEADLINE_S, Server
from tests.unit.catalogue.composites import REAL, facts

WRITERS, TICKS, ITEMS = 8, 2, 3


@pytest.fixture
def server(tmp_path: Path) -> Server:
    (tmp_path / "bucket").mkdir()
    return Server(tmp_path)


@pytest.fixture
def documents(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[GcsDocuments]:
    with server.running() as url:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
        monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
        with make_client("demo") as client:
            yield GcsDocuments(client, "bucket", DEADLINE_S)


def test_a_document_is_read_with_its_generation(documents: GcsDocuments) -> None:
    assert documents.get("stac/x.json") is None
    documents.put("stac/x.json", b"{}", "application/json", 0)
    found = documents.get("stac/x.json")
    assert found is not None
    assert found.data == b"{}"
    documents.put("stac/x.json", b"[]", "application/json", found.generation)
    for wrong in (0, found.generation):
        with pytest.raises(Conflict, match=r"stac/x\.json was written meanwhile"):
            documents.put("stac/x.json", b"late", "application/json", wrong)
    documents.put("stac/y.png", b"png", "image/png", None)
    documents.put("stac/y.png", b"png2", "image/png", None)
    assert documents.names("stac/") == ("stac/x.json", "stac/y.png")
    assert documents.names("stac/y") == ("stac/y.png",)


def test_a_write_whose_answer_is_lost_is_known_when_it_is_read_again(
    server: Server, documents: GcsDocuments
) -> None:
    server.refusals = [503]
    documents.put("stac/x.json", b"{}", "application/json", 0)
    found = documents.get("stac/x.json")
    assert found is not None
    assert found.data == b"{}"


def test_a_bucket_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    with black_hole() as url:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
        with make_client("demo") as client:
            silent = GcsDocuments(client, "bucket", 1.0)
            calls: list[Callable[[], object]] = [
                lambda: silent.get("x"),
                lambda: silent.put("x", b"", "application/json", None),
                lambda: silent.names("x"),
            ]
            for call in calls:
                with at_most(1.0), pytest.raises(ObjectStoreUnavailable, match="gs://bucket"):
                    call()


def _composite(writer: int, tick: int, number: int) -> Facts:
    return facts(
        request_id=f"r-danube-240501-240520-{writer}{tick}{number}0",
        labels={"region": "danube"},
        aoi={"bbox": [14.6 + writer / 10, 48.0, 14.62 + writer / 10, 48.01]},
    )


def _tick(documents: DocumentStore, some: list[Facts]) -> None:
    written = [write_item(documents, each.place, make_item(each)) for each in some]
    write_above(documents, written, REAL)


def test_eight_writers_of_one_collection_that_are_killed_lose_nothing(
    documents: GcsDocuments,
) -> None:
    made = {
        (writer, tick): [_composite(writer, tick, number) for number in range(ITEMS)]
        for writer in range(WRITERS)
        for tick in range(TICKS)
    }

    def work(writer: int) -> int:
        random, kills = Random(writer), 0  # noqa: S311 - no secret
        for tick in range(TICKS):
            some = made[writer, tick]
            with suppress(Crashed, Conflict):  # the first try dies somewhere
                port: DocumentStore = broken(
                    documents, Breaker(random.randint(1, 14), random.random() < 0.5)
                )
                _tick(port, some)
                kills -= 1
            kills += 1
            for _ in range(20):  # what the next ticks do
                with suppress(Conflict):
                    _tick(documents, some)
                    break
            else:
                raise AssertionError("others wrote again and again")
        return kills

    with ThreadPoolExecutor(WRITERS) as pool:
        kills = sum(pool.map(work, range(WRITERS)))
    assert kills > WRITERS / 2

    def read(name: str) -> dict[str, Any]:
        found = documents.get(name)
        assert found is not None
        document: dict[str, Any] = json.loads(found.data)
        return document

    every = [each.place.item_id for some in made.values() for each in some]
    year = read("stac/region-danube/2024/catalog.json")
    items = [link["href"] for link in year["links"] if link["rel"] == "item"]
    assert items == sorted(f"./{name}.json" for name in every)
    box = read("stac/region-danube/collection.json")["extent"]["spatial"]["bbox"]
    assert box == [[14.6, 48.0, 15.32, 48.01]]
    children = [link["href"] for link in read("stac/catalog.json")["links"]]
    assert children == ["./catalog.json", "./region-danube/collection.json"]


def test_revisions_written_at_once_all_end_linked(documents: GcsDocuments) -> None:
    base = "r-danube-240501-240520-ab12"
    names = [base, *(f"{base}-r{number}" for number in range(2, 6))]
    some = [facts(request_id=name, labels={"region": "danube"}) for name in names]
    with ThreadPoolExecutor(len(some)) as pool:
        list(pool.map(lambda one: _tick(documents, [one]), some))
    _tick(documents, [replace(some[0])])  # the next tick of any of them
    for number, one in enumerate(some, 1):
        found = documents.get(one.place.item)
        assert found is not None
        item = json.loads(found.data)
        rels = {link["rel"]: link["href"] for link in item["links"]}
        assert item["properties"]["deprecated"] is (number < len(some))
        if number < len(some):
            assert rels["latest-version"] == f"./{names[-1]}-o146a.json"
