"""Initialise the Earth Engine client once a process, without a request.

Its state is global to the process: one server, one project, one set of credentials.
"""

import inspect
import threading
from functools import cache
from typing import Any

import ee
import ee.data
import ee.deprecation
import google.auth
from google.auth.credentials import AnonymousCredentials, Credentials

from s1ratio.adapters.earth_engine.transport import Transport

_SCOPES = (
    "https://www.googleapis.com/auth/earthengine",
    "https://www.googleapis.com/auth/cloud-platform",
)
_LOCK = threading.Lock()


def initialize(project: str, url: str | None, deadline_s: float) -> Transport:
    """Initialise the client for a project; return the transport that carries its deadline.

    `url` None is the real Earth Engine with application default credentials. Any other server
    gets anonymous ones: a token is never sent to it.
    """
    with _LOCK:
        transport = Transport(deadline_s)
        # It would read a public list past the transport, with no timeout.
        ee.deprecation._FetchDataCatalogStac = _no_catalogue
        setattr(ee.deprecation, "inspect", _Inspect())  # noqa: B010 - it is a module there
        ee.Initialize(
            credentials=_credentials(url), project=project, url=url, http_transport=transport
        )
        # Retrying belongs to the task's states: a retried POST only hears that its id is used.
        ee.data.setMaxRetries(0)
        return transport


def _credentials(url: str | None) -> Credentials:
    if url is not None:
        return AnonymousCredentials()  # type: ignore[no-untyped-call]
    credentials, _ = google.auth.default(scopes=_SCOPES)
    return credentials


class _Inspect:
    """The module `inspect`, which looks at a function's arguments once, not at each of its calls.

    The client does so at every call whose argument may name a deprecated asset.
    """

    getfullargspec = staticmethod(cache(inspect.getfullargspec))

    def __getattr__(self, name: str) -> Any:
        return getattr(inspect, name)


def _no_catalogue() -> dict[str, Any]:
    return {}
