"""What every error has, and what those have that are made of faults."""

from collections.abc import Sequence
from typing import ClassVar

from s1ratio.error_classes import ErrorClass
from s1ratio.faults import Fault, capped


class S1RatioError(Exception):
    """Root of the tree."""

    retry: ClassVar[bool] = False  # whether the same call may succeed later
    reject: ClassVar[bool] = False  # whether the message itself is at fault, for good
    error_class: ClassVar[ErrorClass] = ErrorClass.UNEXPECTED


class _Faulty(S1RatioError):
    """An error made of faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = capped(faults)
        super().__init__("; ".join(map(str, self.faults)))
