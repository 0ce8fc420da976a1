"""Connections to servers by the rules of `requests` on proxies and certificates, each asked once.

`requests` itself looks for proxies, cookies and netrc files at every call: half of what it costs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter


@dataclass(frozen=True)
class _Server:
    """The connections to one server; a proxy of plain HTTP is told the whole address."""

    connections: Any
    wants_address: bool


class Wire:
    """Sends requests over the connections of a session, which are kept."""

    def __init__(self, session: requests.Session) -> None:
        self._session = session
        self._servers: dict[tuple[str, str], _Server] = {}

    def send(
        self,
        uri: str,
        method: str,
        body: str | bytes | None,
        headers: Mapping[str, str] | None,
        timeout_s: float,
    ) -> urllib3.BaseHTTPResponse:
        """Send one request, once, whatever becomes of it; return the reply, its body not read yet.

        It is closed by the caller. Raises urllib3's errors, requests' for what is no address, and
        OSError where a bundle of certificates that the environment names is not there.
        """
        place = urlsplit(uri)
        key = (place.scheme, place.netloc)
        server = self._servers.get(key)
        if server is None:
            server = self._servers[key] = self._find(method, uri)
        path = (place.path or "/") + (f"?{place.query}" if place.query else "")
        reply: urllib3.BaseHTTPResponse = server.connections.urlopen(
            method,
            uri if server.wants_address else path,
            body=body.encode() if isinstance(body, str) else body,
            headers=self._with_defaults(headers or {}),
            timeout=timeout_s,
            retries=False,
            redirect=False,
            preload_content=False,
            decode_content=False,
            assert_same_host=False,
        )
        return reply

    def _find(self, method: str, uri: str) -> _Server:
        prepared = requests.Request(method, uri).prepare()
        address = prepared.url or uri
        rules = self._session.merge_environment_settings(address, {}, None, None, None)
        adapter = self._session.get_adapter(address)
        if not isinstance(adapter, HTTPAdapter):
            raise requests.exceptions.InvalidSchema(f"no connection is known for {uri!r}")
        connections = adapter.get_connection_with_tls_context(
            prepared, rules["verify"], proxies=rules["proxies"], cert=rules["cert"]
        )
        # Else what signs a server's certificate would be the machine's to say, where any is.
        judge: Any = adapter.cert_verify
        judge(connections, address, rules["verify"], rules["cert"])
        target = adapter.request_url(prepared, rules["proxies"])
        return _Server(connections, not target.startswith("/"))

    def _with_defaults(self, headers: Mapping[str, str]) -> dict[str, str]:
        given = {name.lower() for name in headers}
        defaults = self._session.headers.items()
        kept = {name: str(value) for name, value in defaults if name.lower() not in given}
        return {**kept, **headers}
