"""From the bytes of a message to a `CompositeRequest`, or to every fault it has."""

import hashlib
import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from s1ratio import presets
from s1ratio.aoi.values import holds_more_than
from s1ratio.errors import InvalidRequest
from s1ratio.faults import Fault
from s1ratio.request.checks import Limits
from s1ratio.request.model import CompositeRequest
from s1ratio.request.parsing import MAX_STRUCTURE, count_structure, parse_alone
from s1ratio.request.resolved import filled_in
from s1ratio.request.smoke_message import SMOKE_PREFIX, is_smoke_message
from s1ratio.request.words import faults_of

MAX_MESSAGE_BYTES = 2_000_000
_FIELDS = "`aoi`, `start` and `end`"
_TOO_LARGE_NUMBER = "it has a number that is too large"
MAX_STORED_BYTES = 900_000  # of the 1 MiB of a document: the rest is for what `growth` adds
_MAX_VALUES = 2_000
_KEPT = 4  # areas may be large
_BOM_ADVICE = ("(decode using utf-8-sig)", "(byte order mark): leave it out")


@dataclass(frozen=True)
class Message:
    """A valid message: who it is, and what it asks for.

    `text` is the JSON as sent, its keys sorted, and `digest` its SHA-256: no defaults are filled
    in, so a deployment between two deliveries of one message changes nothing.
    """

    text: str
    digest: str
    request_id: str
    request: CompositeRequest


def read_message(payload: bytes | str, limits: Limits) -> Message:
    """Return the message in a payload of UTF-8 JSON; raise InvalidRequest with every fault."""
    return parse_alone(lambda: _read(payload, limits))


def _read(payload: bytes | str, limits: Limits) -> Message:
    try:
        # By way of JSON: there, and only there, a list may become a tuple in strict mode.
        text, filled, is_smoke = _texts(decode(payload))
        if is_smoke:
            limits = replace(limits, reserved_prefixes=limits.reserved_prefixes - {SMOKE_PREFIX})
        request = CompositeRequest.model_validate_json(filled, context=limits)
    except ValidationError as error:
        raise InvalidRequest(faults_of(error)) from None
    except RecursionError:
        raise _invalid("not_json", "the JSON is nested too deeply") from None
    except ValueError:
        raise _invalid("not_json", _TOO_LARGE_NUMBER) from None
    if not text:
        raise _invalid("not_json", _TOO_LARGE_NUMBER)
    digest = _digest_of(text)
    return Message(text, digest, request.request_id or _name_by(digest), request)


def identify(payload: bytes | str) -> tuple[str, str] | None:
    """Return the request's id and the digest of a message, whatever limits and rules it breaks.

    None where there is nothing to go by: no JSON object, or one that is not even parsed.
    """
    with suppress(InvalidRequest):
        return parse_alone(lambda: _identify(payload))
    return None


def _identify(payload: bytes | str) -> tuple[str, str]:
    try:
        sent = decode(payload)
        text, name = _stored_text(sent), sent.get("request_id")
    except (RecursionError, ValueError):
        raise _invalid("not_json", "there is nothing to go by") from None
    digest = _digest_of(text)
    return name if name and isinstance(name, str) else _name_by(digest), digest


def decode(
    payload: bytes | str, most: int = MAX_MESSAGE_BYTES, with_fields: str = _FIELDS
) -> dict[str, Any]:
    """Return the JSON object in a payload of `most` bytes; raise InvalidRequest if there is none.

    `with_fields` are those that one must have, in words.
    """
    if len(payload) > most:
        raise _invalid("too_large", f"{len(payload)} bytes, at most {most} are read")
    structure = count_structure(payload)
    if structure > MAX_STRUCTURE:
        words = f"{structure:,} brackets, commas and colons, at most {MAX_STRUCTURE:,} are read"
        advice = "simplify the outline, leave out the properties of features"
        raise _invalid("too_large", f"{words}: {advice}")
    try:
        text = payload.decode("utf-8") if isinstance(payload, bytes) else payload
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except RecursionError:
        raise _invalid("not_json", "the JSON is nested too deeply") from None
    except UnicodeDecodeError as error:
        raise _invalid("not_json", f"not UTF-8 text: {error.reason} at {error.start}") from None
    except ValueError as error:
        words = str(error)[:200].partition("; use sys.")[0].replace(*_BOM_ADVICE)
        raise _invalid("not_json", f"not valid JSON: {words}") from None
    if not isinstance(value, dict):
        raise _invalid("not_json", f"must be a JSON object with {with_fields}")
    return value


def _texts(sent: dict[str, Any]) -> tuple[str, str, bool]:
    """Return an object's JSON as it is stored, and with its preset's fields; whether it is smoke's.

    The object itself is gone afterwards: what is validated is as large once more.
    """
    text = _stored_text(sent)
    return text, json.dumps(presets.with_preset(sent)), is_smoke_message(sent)


def _stored_text(sent: dict[str, Any]) -> str:
    """Return an object's JSON as it is stored, empty if a number of it has no words in JSON."""
    if holds_more_than(_MAX_VALUES, sent, "aoi"):
        raise _invalid("too_large", f"over {_MAX_VALUES} values beside `aoi`: remove some")
    try:
        text = json.dumps(sent, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except ValueError:  # a number that JSON has no words for: validation knows best where
        text = ""
    if len(text) > MAX_STORED_BYTES:
        words = f"{len(text)} bytes as it is stored, at most {MAX_STORED_BYTES} are"
        raise _invalid("too_large", f"{words}: leave out the properties of features")
    return text


def _digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _name_by(digest: str) -> str:
    """Return the id of a request whose message names none."""
    return f"r-{digest[:24]}"


def _invalid(code: str, words: str) -> InvalidRequest:
    return InvalidRequest([Fault("", code, words)])


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return value


@lru_cache(_KEPT)
def stored_request(message: str, resolved: str | None = None) -> CompositeRequest:
    """Return the request of a message that was accepted before: limits may have changed since.

    And defaults: `resolved` are those of its own day (`resolved.py`), None: today's. The last few
    are kept: one launch asks for the same one three times.
    """
    return CompositeRequest.model_validate_json(
        json.dumps(filled_in(json.loads(message), resolved))
    )
