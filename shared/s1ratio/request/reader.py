"""From the bytes of a message to a `CompositeRequest`, or to every fault it has."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from s1ratio import presets
from s1ratio.errors import Fault, InvalidRequest
from s1ratio.request.checks import Limits, policy_faults
from s1ratio.request.model import CompositeRequest
from s1ratio.request.words import faults_of

MAX_MESSAGE_BYTES = 2_000_000


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
    return check_message(decode(payload), limits)


def decode(payload: bytes | str) -> dict[str, Any]:
    """Return the JSON object in a payload; raise InvalidRequest if there is none."""
    if len(payload) > MAX_MESSAGE_BYTES:
        raise _invalid("too_large", f"{len(payload)} bytes, at most {MAX_MESSAGE_BYTES} are read")
    try:
        text = payload.decode("utf-8") if isinstance(payload, bytes) else payload
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except RecursionError:
        raise _invalid("not_json", "the JSON is nested too deeply") from None
    except UnicodeDecodeError as error:
        raise _invalid("not_json", f"not UTF-8 text: {error.reason} at {error.start}") from None
    except ValueError as error:
        raise _invalid("not_json", f"not valid JSON: {str(error)[:200]}") from None
    if not isinstance(value, dict):
        raise _invalid("not_json", "must be a JSON object with `aoi`, `start` and `end`")
    return value


def check_message(sent: dict[str, Any], limits: Limits) -> Message:
    """Return the message of a decoded object; raise InvalidRequest with every fault."""
    try:
        # By way of JSON: there, and only there, a list may become a tuple in strict mode.
        request = CompositeRequest.model_validate_json(json.dumps(presets.with_preset(sent)))
    except ValidationError as error:
        raise InvalidRequest(faults_of(error)) from None
    faults = policy_faults(request, limits)
    if faults:
        raise InvalidRequest(faults)
    text = json.dumps(sent, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Message(text, digest, request.request_id or f"r-{digest[:24]}", request)


def _invalid(code: str, words: str) -> InvalidRequest:
    return InvalidRequest([Fault("", code, words)])


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:60]!r} stands twice in one object")
    return value


def stored_request(message: str) -> CompositeRequest:
    """Return the request of a message that was accepted before: limits may have changed since."""
    return CompositeRequest.model_validate_json(
        json.dumps(presets.with_preset(json.loads(message)))
    )
