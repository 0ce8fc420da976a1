"""Who calls, as the front has checked it: the e-mail in the token that it let in."""

import base64
import binascii
import json
from typing import Any

_MAX = 100


def caller_of(authorization: str) -> str:
    """Return the e-mail of a bearer token, "" without one.

    Its signature is not looked at: Cloud Run has done so, and takes it away, before it calls.
    """
    kind, _, token = authorization.partition(" ")
    parts = token.strip().split(".")
    if kind.lower() != "bearer" or len(parts) != 3:
        return ""
    try:
        padded = parts[1].encode("ascii") + b"=" * (-len(parts[1]) % 4)
        claims: Any = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return ""
    email = claims.get("email") if isinstance(claims, dict) else None
    return email[:_MAX] if isinstance(email, str) and email.isprintable() else ""
