"""The algorithms that are here, by name: binding of arguments, and the refusal of what isn't."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.coercion import coerce
from local_earthengine.expression.context import Context
from local_earthengine.expression.signatures import Argument, Signature, signatures
from local_earthengine.pixels.kernel import Kernel
from local_earthengine.values.filter import Filter
from local_earthengine.values.join import Join
from local_earthengine.values.reducer import Reducer

_Implementation = TypeVar("_Implementation", bound=Callable[..., Any])


@dataclass(frozen=True)
class _Entry:
    signature: Signature
    implementation: Callable[..., Any]
    wants_context: bool


_ENTRIES: Final[dict[str, _Entry]] = {}


def algorithm(*names: str) -> Callable[[_Implementation], _Implementation]:
    """Register a function under Earth Engine's names.

    It takes the arguments of Earth Engine's list in their order, as Python values of their
    types, all of them positionally; one whose first parameter is `context` gets a Context first.
    """

    def register(implementation: _Implementation) -> _Implementation:
        """Register the function, and return it."""
        for name in names:
            add(name, implementation)
        return implementation

    return register


def add(name: str, implementation: Callable[..., Any]) -> None:
    """Register one function, as `algorithm` does; for families made from a table."""
    if name in _ENTRIES:
        raise ValueError(f"{name} is registered twice")
    parameters = list(inspect.signature(implementation).parameters)
    context = parameters[:1] == ["context"]
    _ENTRIES[name] = _Entry(signatures()[name], implementation, context)


def implemented() -> list[str]:
    """Return the names of all algorithms that are here, sorted."""
    return sorted(_ENTRIES)


def implementation(name: str) -> Callable[..., Any]:
    """Return the function behind an algorithm that is here."""
    return _ENTRIES[name].implementation


def misfits() -> list[str]:
    """Return the algorithms whose functions take another number of arguments than listed."""
    return [
        name
        for name, entry in _ENTRIES.items()
        if len(inspect.signature(entry.implementation).parameters)
        != len(entry.signature.arguments) + entry.wants_context
    ]


def invoke(name: str, given: Mapping[str, Any], context: Context) -> Any:
    """Return the value of an algorithm.

    Raise EarthEngineError that names it if anything is wrong.
    """
    entry = _ENTRIES.get(name)
    if entry is None:
        if name in signatures():
            raise EarthEngineError(f"Algorithm '{name}' is not supported by this local server.")
        raise EarthEngineError(f"Unrecognized algorithm name: '{name}'")
    values = _bind(entry.signature, given)
    own = [context] if entry.wants_context else []
    try:
        return _described(entry.implementation(*own, *values), entry.signature, values)
    except EarthEngineError as error:
        if re.split("[:,]", error.message, maxsplit=1)[0] in signatures():
            raise  # it was named where it arose
        raise EarthEngineError(f"{name}: {error.message}", error.status, error.code) from None


def _described(value: Any, signature: Signature, arguments: Sequence[Any]) -> Any:
    """Return a kernel, reducer, filter or join with what made it; anything else as it is."""
    if not isinstance(value, (Kernel, Reducer, Filter, Join)):
        return value
    pairs = zip(signature.arguments, arguments, strict=True)
    known = {argument.name: given for argument, given in pairs if given is not None}
    return replace(value, description={"type": signature.name, **known})


def _bind(signature: Signature, given: Mapping[str, Any]) -> Sequence[Any]:
    known = {argument.name for argument in signature.arguments}
    unknown = [name for name in given if name not in known]
    if unknown:
        raise EarthEngineError(f"{signature.name}: Unrecognized argument ({unknown[0]}).")
    return [_argument(signature, argument, given) for argument in signature.arguments]


def _argument(signature: Signature, argument: Argument, given: Mapping[str, Any]) -> Any:
    name = signature.name
    if argument.name not in given and not argument.optional:
        raise EarthEngineError(f"{name}: required argument ({argument.name}) missing.")
    value = given.get(argument.name)
    if value is None:
        value = argument.default
    if value is None:
        if argument.optional:
            return None
        raise EarthEngineError(
            f"{name}: Parameter '{argument.name}' is required and may not be null."
        )
    try:
        return coerce(value, argument.type)
    except EarthEngineError as error:
        raise EarthEngineError(f"{name}, argument '{argument.name}': {error.message}") from None
