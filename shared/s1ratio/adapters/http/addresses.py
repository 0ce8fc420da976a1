"""The address of a call: how the server is called from outside, so that links lead back to it."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from flask import Request

from s1ratio.services.reading.call import Problem

_HOST = re.compile(r"(?P<name>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
_IN_A_PATH = "/:@!$&'()*+,;="  # beside letters, digits and -._~


@dataclass(frozen=True)
class Address:
    """The URL of the landing page, without its closing slash, and that of what was called."""

    base: str
    url: str


def read_address(
    asked: Request, hosts: frozenset[str] | None, *, proxied: bool
) -> Address | Problem:
    """Return the address of a call; a problem if it names a host that is none of `hosts`.

    Else a page of somebody's could lead its own name to a server on its reader's machine, and read
    there. Behind a front the host was checked, and the scheme is what the front says.
    """
    host = _HOST.fullmatch(asked.headers.get("Host", ""))
    if host is None:
        return Problem(400, "Bad request", "the header `Host` is no name of a host")
    if hosts is not None and host["name"].lower() not in hosts:
        words = f"{host['name']} is no name of this server"
        return Problem(421, "Misdirected request", words)
    told = asked.headers.get("X-Forwarded-Proto", "") if proxied else ""
    scheme = told if told in ("http", "https") else asked.scheme
    base = f"{scheme}://{host[0]}{quote(asked.root_path.rstrip('/'), safe=_IN_A_PATH)}"
    query = asked.query_string.decode("latin-1")
    path = quote(asked.path, safe=_IN_A_PATH)
    return Address(base, f"{base}{path}{'?' if query else ''}{quote(query, safe=_IN_A_QUERY)}")


_IN_A_QUERY = _IN_A_PATH + "?%"
