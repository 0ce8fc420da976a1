"""How much work a call is: a ratio of two times in one run, which a slow machine does not move."""

import time
from collections.abc import Callable

_LOOPS = 1_000_000


def effort(call: Callable[[], object]) -> float:
    """Return the CPU time of a call, in loops of a million steps (some 20 ms each)."""
    before = _loop()
    began = time.process_time()
    call()
    took = time.process_time() - began
    return took / max(before, _loop())


def _loop() -> float:
    began = time.process_time()
    for _ in range(_LOOPS):
        pass
    return time.process_time() - began
