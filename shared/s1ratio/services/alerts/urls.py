"""Where feeds are fetched: an address filled in, its host one of those that are allowed."""

from datetime import datetime
from urllib.parse import quote, urlsplit

from s1ratio.alerts.feed import Fetch
from s1ratio.services.alerts.context import AlertContext


def address_of(
    template: str, fetch: Fetch, context: AlertContext, since: datetime, key: str = ""
) -> tuple[str, dict[str, str]]:
    """Return the URL and the headers of a call.

    Raises ValueError, in words that hold no secret, if the host is not allowed or a key is missing.
    """
    host = urlsplit(template).netloc
    if host not in context.settings.feed_hosts.split(","):
        words = f"{host!r} is none of the hosts that may be fetched from"
        raise ValueError(f"{words}: add it to S1RATIO_FEED_HOSTS")
    headers = dict(fetch.headers)
    secret = ""
    if fetch.secret is not None:
        secret = context.keys.get(fetch.secret, "")
        if not secret:
            raise ValueError(f"no key {fetch.secret!r}: add it to S1RATIO_FEED_KEYS")
        if fetch.header is not None:
            headers[fetch.header] = secret
    filled = {"secret": quote(secret, safe=""), "since": f"{since:%Y-%m-%d}", "key": quote(key)}
    url = template
    for name, value in filled.items():
        url = url.replace(f"{{{name}}}", value)
    return url, headers
