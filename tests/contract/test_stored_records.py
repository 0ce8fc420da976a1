"""Records of an earlier version are read as they were, with nothing told and nothing marked yet.

`samples/records.sqlite.json` holds documents as the store of commit 2b0c221 wrote them, before
changes were told and commands marked what they changed. Never write them anew: they stand for what
lies in the stores out there. Those of tasks and commands have tests of their own.
"""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.contract.conftest import StoreOpener
from tests.contract.records import a_request, an_event
from tests.contract.test_store_alerts import incident
from tests.contract.test_store_regions import a_refresh, a_region
from tests.contract.test_store_watches import watch

_SAMPLES = Path(__file__).with_name("samples") / "records.sqlite.json"


def test_records_of_an_earlier_version_are_read_and_written_again(
    tmp_path: Path, open_sqlite: StoreOpener
) -> None:
    given = json.loads(_SAMPLES.read_text(encoding="utf-8"))
    store = open_sqlite()
    with closing(sqlite3.connect(tmp_path / "store.db")) as file, file:
        for table, documents in given.items():
            rows = [(name, json.dumps(document)) for name, document in documents.items()]
            into = f"INSERT INTO {table} (id, document, version) VALUES (?, ?, 1)"  # noqa: S608
            file.executemany(into, rows)

    request = store.get_request("r1")
    assert request is not None
    assert request == a_request()
    assert (request.sequence, request.commands, request.labels) == (0, (), ())
    assert store.update_request(request, request.version) == request

    region = store.get_region("berlin")
    assert region is not None
    assert region == a_region()
    assert (region.sequence, region.commands) == (0, ())
    store.commit_regions([region])
    assert store.get_refreshes([a_refresh().id]) == {a_refresh().id: a_refresh()}

    flood = incident("a")
    known = store.get_incident(flood.id)
    assert known is not None
    assert known == flood
    assert (known.sequence, known.told, known.found_by) == (0, "", ())
    assert store.save_incident(known, known.version).found_by != ()

    waiting = store.get_watch(watch().id)
    assert waiting is not None
    assert replace(waiting, version=None) == watch()
    assert store.save_watch(waiting, waiting.version).sequence == 0

    assert store.find_events_of("r1") == [an_event("e1")]
    assert store.find_unsent_events(9) == [], "it was never meant to be published"
