"""What a mutation is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mutation:
    """A fault that is put into the services while a context lasts.

    `seed` is a schedule that is known to tell of it.
    """

    put_in: Callable[[], AbstractContextManager[Any]]
    seed: int = 0
