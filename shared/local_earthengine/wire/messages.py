"""Bodies of requests as protocol buffers in JSON: camel case, wrapped numbers, nothing unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from local_earthengine.errors import EarthEngineError


class Message(BaseModel):
    """A message; its JSON names are the camel-case forms of its fields' names."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, allow_inf_nan=False
    )


M = TypeVar("M", bound=Message)


def _unwrapped(value: object) -> object:
    return value.get("value") if isinstance(value, dict) and set(value) == {"value"} else value


# A wrapped number comes as {"value": "123"} or as the number itself.
Wrapped: Final = BeforeValidator(_unwrapped)


def parsed(kind: type[M], body: Mapping[str, Any]) -> M:
    """Return the message of a JSON object.

    Raise EarthEngineError (400) naming the first bad field.
    """
    try:
        return kind.model_validate(body)
    except ValidationError as fault:
        first = fault.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the body"
        raise EarthEngineError(f"Invalid value at '{where}': {first['msg']}.") from fault
