"""A deployment's JSON over HTTPS, as who reads it has it: one call, one answer, one deadline.

By requests, which google-cloud-pubsub's own core needs anyway: the extra `client` brings no more.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import requests

from s1ratio.adapters.identity_tokens import Tokens, claims_of
from s1ratio.errors import ServiceError, ServiceUnavailable
from s1ratio.ports.service import Query, Told, cursor_in, error_of

_CONNECT_S = 10.0
_PAUSES_S = (0.5, 2.0)
_LATER = frozenset({429, 500, 502, 503, 504})
_MAX_BYTES = 64 * 1024 * 1024


class WebService:
    """Meets `Service`: what is below a URL, asked with an ID token where there are `tokens`.

    A call has the deadline `deadline_s`, and is made three times at most.
    """

    def __init__(
        self,
        url: str,
        tokens: Tokens | None = None,
        deadline_s: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Nothing is connected to before the first call; `sleep` is for tests."""
        self.name = url.rstrip("/")
        self._tokens, self._deadline_s, self._sleep = tokens, deadline_s, sleep
        self._session = requests.Session()

    def ask(self, *parts: str, query: Query = (), method: str = "GET") -> Told:
        """Return the answer of a path; see `Service`."""
        url = "/".join([self.name, *(quote(part, safe="") for part in parts)])
        for pause in (*_PAUSES_S, None):
            try:
                return self._ask(method, url, query)
            except ServiceUnavailable:
                if pause is None:
                    raise
                self._sleep(pause)
        raise AssertionError

    def close(self) -> None:
        """Let go of its connections."""
        self._session.close()

    def _ask(self, method: str, url: str, query: Query) -> Told:
        answer, body = self._send(method, url, query, anew=False)
        if answer.status_code == 401 and self._tokens is not None:
            # It may have been withdrawn, or a clock is wrong: one that is new tells.
            answer, body = self._send(method, url, query, anew=True)
        told = _json_of(body)
        if answer.ok and not answer.is_redirect and told is not None:
            links = told.get("links", ())
            found = cursor_in(links if isinstance(links, list) else ())
            return Told(told, found or cursor_in(_links_of(answer)))
        raise self._refusal(answer, told)

    def _send(
        self, method: str, url: str, query: Query, *, anew: bool
    ) -> tuple[requests.Response, bytes]:
        token = self._tokens.get(anew=anew) if self._tokens else None
        try:
            with self._session.request(
                method,
                url,
                params=list(query),
                headers={"Accept": "application/json"},
                auth=Bearer(token),
                timeout=(_CONNECT_S, self._deadline_s),
                allow_redirects=False,  # a token is for this place alone
                stream=True,
            ) as answer:
                return answer, _body_of(answer, time.monotonic() + self._deadline_s)
        except requests.RequestException as error:
            words = f"{self.name} does not answer: {_why(error)}"
            raise ServiceUnavailable(words) from None

    def _refusal(self, answer: requests.Response, told: Mapping[str, Any] | None) -> Exception:
        """Return what an answer that is none means."""
        status, detail = answer.status_code, _detail_of(told)
        if status in (401, 403) and not detail:
            return ServiceError(self._without_access(status))
        if status in _LATER:
            return ServiceUnavailable(f"{self.name} can't answer now ({status}) {detail}".strip())
        if told is not None and detail:
            return error_of({**told, "status": status})
        return ServiceError(f"{self.name} is no service of s1ratio: it answers {status}")

    def _without_access(self, status: int) -> str:
        if self._tokens is None:
            words = "wants to know who calls: let the profile say how a token is had"
            return f'{self.name} {words} (token = "gcloud")'
        claims = claims_of(self._tokens.get())
        email = str(claims.get("email", "") or "")
        if status == 401:
            of = f" of {email}" if email else ""
            words = f"does not accept the token{of}, which is for {claims.get('aud', 'nobody')}"
            return f"{self.name} {words} (401): look at the profile's url and audience"
        kind = "serviceAccount" if email.endswith(".gserviceaccount.com") else "user"
        member = f"{kind}:{email}" if email else "the account that is signed in"
        words = f"does not let {member} in (403): have it granted roles/run.invoker on the service"
        return f"{self.name} {words} (Terraform's variable status_readers)"


class Bearer(requests.auth.AuthBase):
    """Shows a token, if there is one, and keeps what ~/.netrc has for the place out of it."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token to a request."""
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _body_of(answer: requests.Response, until: float) -> bytes:
    """Return the bytes of an answer; raise where they are too many, or come too slowly."""
    parts, size = [], 0
    for part in answer.iter_content(64 * 1024):
        parts.append(part)
        size += len(part)
        if size > _MAX_BYTES or time.monotonic() > until:
            raise requests.ReadTimeout("the answer does not end")
    return b"".join(parts)


def _json_of(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _detail_of(told: Mapping[str, Any] | None) -> str:
    """Return the words of a problem (RFC 9457), "" for what is none."""
    if not told or "title" not in told:
        return ""
    return str(told.get("detail") or told["title"])[:1_000]


def _links_of(answer: requests.Response) -> Sequence[Mapping[str, str]]:
    found = answer.links.get("next")
    return [{"rel": "next", "href": found["url"]}] if found else []


def _why(error: requests.RequestException) -> str:
    """Return why nothing came, in a few words: the library's own name whole objects."""
    if isinstance(error, requests.exceptions.SSLError):
        return "its certificate is not to be trusted"
    if isinstance(error, requests.ConnectTimeout | requests.ReadTimeout):
        return "it took too long"
    if isinstance(error, requests.exceptions.ProxyError):
        return "the proxy does not let it through"
    inner = str(error).rpartition(": ")[2].strip("')( ")[:200]
    return inner or "the connection broke"
