"""What became of requests, by the client: asked over HTTPS, waited for, fetched, called off."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from s1ratio.client.pages import ask_pages, records_of
from s1ratio.client.profiles import Profile
from s1ratio.client.waiting import Patience, Waited, Waiter
from s1ratio.errors import ServiceError
from s1ratio.ports.service import Service

if TYPE_CHECKING:
    from s1ratio.client.downloading import Downloaded, Downloader


class Following:
    """What a client that has a `service` is told of it. Whoever asks needs no right on a store.

    All raise UnknownRecord for what is not known, ServiceUnavailable where the service did not
    answer, ServiceError where it refuses; ValueError where the client has none.
    """

    _profile: Profile
    _service: Service | None
    _downloader: "Downloader | None"
    _sleep: Callable[[float], None]

    @property
    def service(self) -> Service:
        """Whoever is asked."""
        if self._service is None:
            self._connect()
        return cast("Service", self._service)

    def _connect(self) -> "Downloader":
        """Return what fetches files, made at the first call with the service, where both aren't."""
        if self._downloader is None:
            if self._profile.url is None:
                raise ValueError("name the url at which the deployment is read")
            # Who only publishes needs nothing of HTTP.
            from s1ratio.client.connecting import connect  # noqa: PLC0415

            service, self._downloader = connect(self._profile, self._sleep)
            self._service = self._service or service
        return self._downloader

    def _close_reading(self) -> None:
        service, self._service = self._service, None
        downloader, self._downloader = self._downloader, None
        for one in (service, downloader):
            if one is not None:
                one.close()

    def status(self, request_id: str) -> dict[str, Any]:
        """Return how a request stands, as `/jobs/{id}` tells it: `state`, `tasks`, `waiting`, …"""
        return self.service.ask("jobs", request_id).body

    def jobs(
        self,
        *,
        state: str | None = None,
        label: str | None = None,
        region: str | None = None,
        incident: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield requests, newest first, page by page as they are taken.

        `state` is one of ours, such as VERIFIED, `label` one as `name=value`.
        """
        given = {"state": state, "label": label, "region": region, "incident": incident}
        query = [(name, value) for name, value in given.items() if value is not None]
        if since is not None or until is not None:
            begin, end = ("" if at is None else at.isoformat() for at in (since, until))
            query.append(("datetime", f"{begin or '..'}/{end or '..'}"))
        return records_of(self.service, "jobs", "jobs", query=query)

    def wait(
        self,
        request_id: str,
        *,
        timeout_s: float = 86_400.0,
        message_id: str | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> Waited:
        """Wait until a request has ended, or can't end yet; return what it came to.

        It is asked for at growing pauses, of a minute at most. `message_id` is Pub/Sub's, as
        `publish` returns it: by it a refusal is found. `tell` is told what changes, in words.
        """
        patience = Patience(timeout_s=timeout_s)
        waiter = Waiter(
            self.service, request_id, patience, message_id, tell=tell, sleep=self._sleep
        )
        return waiter.wait()

    def results(self, request_id: str) -> dict[str, dict[str, Any]]:
        """Return what came of a request that was successful: by export task its files and so on.

        `files` are URLs; `item` is the one of its STAC item, None without one.
        """
        found: dict[str, dict[str, Any]] = {}
        for page in ask_pages(self.service, "jobs", request_id, "results"):
            found |= page["tasks"]["value"]
        return found

    def download(
        self, request_id: str, folder: Path | str, *, tell: Callable[[str], None] = lambda _: None
    ) -> "list[Downloaded]":
        """Bring all files of a request into a folder; return them, in the order of its tasks.

        Each is there whole, or not at all. What is there already and the same stays as it is, and
        what was cut off goes on. Files in a bucket are read with the caller's own right on it.
        """
        downloader = self._connect()
        urls = [url for task in self.results(request_id).values() for url in task["files"]]
        return downloader.fetch_all(urls, Path(folder), tell)

    def dismiss(self, request_id: str, reason: str | None = None) -> dict[str, Any]:
        """Have a request cancelled by whoever is asked; return how it stands.

        `command` is the id of the command that was published for it, if one was. Raises
        ServiceError where it has ended, or nothing may be dismissed there.
        """
        query = [("reason", reason)] if reason else []
        told = self.service.ask("jobs", request_id, query=query, method="DELETE").body
        if "jobID" not in told:
            raise ServiceError(f"{self.service.name} does not say what became of {request_id}")
        return told
