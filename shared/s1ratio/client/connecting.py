"""A profile becomes a service to ask, and a way to fetch files: the wiring of the client."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from s1ratio.adapters.identity_tokens import Gcloud, Google, Tokens
from s1ratio.adapters.web import WebService
from s1ratio.client.downloading import BUCKET_HOST, Downloader
from s1ratio.client.profiles import Profile

_BUCKETS = ("https", BUCKET_HOST, None)
_WAYS: dict[str, type[Gcloud | Google]] = {"gcloud": Gcloud, "google": Google}


def connect(
    profile: Profile, sleep: Callable[[float], None] = time.sleep
) -> tuple[WebService, Downloader]:
    """Return who tells of a profile's deployment, and who fetches its files. Nothing is called.

    An ID token goes to the profile's own place alone, an access token to Google's storage alone,
    whatever URLs an answer names.
    """
    if profile.url is None:
        raise ValueError("the profile has no url at which its deployment is read")
    way = _WAYS.get(profile.way_to_token)
    if way is None:
        service = WebService(profile.url, sleep=sleep)
        return service, Downloader(lambda *_: None, sleep, may_copy=_is_here(profile.url))
    source = way(profile.audience or profile.url, profile.impersonate)
    identity, access = Tokens(source.fetch_id_token), Tokens(source.fetch_access_token)
    own = _origin(profile.url)

    def token_for(url: str, anew: bool) -> str | None:
        """Return the token that a URL is fetched with."""
        if _origin(url) == own:
            return identity.get(anew=anew)
        return access.get(anew=anew) if _origin(url) == _BUCKETS else None

    service = WebService(profile.url, identity, sleep=sleep)
    return service, Downloader(token_for, sleep, may_copy=_is_here(profile.url))


def make_downloader(sleep: Callable[[float], None] = time.sleep) -> Downloader:
    """Return what fetches files for who reads a store itself: its own folder's, or a bucket's."""
    access = Tokens(Google("").fetch_access_token)

    def token_for(url: str, anew: bool) -> str | None:
        """Return the token that a URL is fetched with."""
        return access.get(anew=anew) if _origin(url) == _BUCKETS else None

    return Downloader(token_for, sleep, may_copy=True)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def _is_here(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}
