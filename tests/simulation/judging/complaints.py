"""Complaints: what was objected to while a schedule was lived through."""

from typing_extensions import override

from tests.simulation.world.deterministic_scheduler import DeterministicScheduler


class Complaints(list[str]):
    """What was objected to; where that is enough to know, nothing happens after the first one."""

    def __init__(self, stepper: DeterministicScheduler) -> None:
        super().__init__()
        self._stepper = stepper

    @override
    def append(self, words: str) -> None:
        super().append(words)
        self._stepper.halted = self._stepper.hasty
