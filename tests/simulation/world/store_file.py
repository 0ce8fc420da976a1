"""The store's file behind the services' back: a backup that is put back, documents that go."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from s1ratio.adapters.store.queries import REQUESTS, TASKS
from tests.simulation.drawing.seeded_schedule import NO_JSON
from tests.simulation.world.site import Site


class StoreFile:
    """The file of a site's store, and the backup that was made of it."""

    def __init__(self, path: Path, site: Site) -> None:
        self._path, self._site = path, site
        self._backup = sqlite3.connect(":memory:")
        self._acknowledged: set[bytes] = set()

    def keep(self) -> None:
        """Make a backup."""
        with closing(sqlite3.connect(self._path)) as file:
            file.backup(self._backup)
        self._acknowledged = set(self._site.acknowledged)

    def set_back(self) -> None:
        """Put the backup in the place of what there is, with nobody at work.

        Messages since then are sent again, as Pub/Sub does once a subscription is set back.
        """
        site = self._site
        site.around.stepper.kill_all(site.plot.name)
        with closing(sqlite3.connect(self._path)) as file:
            self._backup.backup(file)
        site.set_backs += 1
        site.around.counts["set back"] += 1
        site.around.trace.add(site.plot.name, "SET BACK", ())
        site.witness.look_anew()
        lost = [payload for payload in site.acknowledged if payload not in self._acknowledged]
        site.acknowledged -= set(lost)
        for payload in sorted(lost):
            site.deliver(payload)

    def delete_ended(self) -> None:
        """Delete the requests that have ended, with their tasks, and send them once more."""
        site = self._site
        site.around.stepper.kill_all(site.plot.name)  # long after it ended nobody is at it
        records = site.records
        ended = [id_ for id_, record in records.items() if record.state.terminal]
        with closing(sqlite3.connect(self._path)) as file, file:
            for id_ in ended:
                names = [(task.id,) for task in site.store.find_tasks_of(id_)]
                file.executemany(f"DELETE FROM {TASKS} WHERE id = ?", names)  # noqa: S608 - a table
                file.execute(f"DELETE FROM {REQUESTS} WHERE id = ?", (id_,))  # noqa: S608
        site.around.counts["deleted"] += len(ended)
        site.around.trace.add(site.plot.name, "DELETED", tuple(ended))
        site.witness.look_anew()
        for id_ in ended:
            site.deletions[id_] += 1
            taken = json.loads(records[id_].message)
            payload = next(p for p in site.payloads if p != NO_JSON and json.loads(p) == taken)
            site.acknowledged.discard(payload)
            site.deliver(payload)

    def close(self) -> None:
        """Let go of the backup."""
        self._backup.close()
