"""The wire between a process and its ports: each call takes its time, and may not come through."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from s1ratio.errors import EarthEngineFault
from s1ratio.ports import Operation
from tests.simulation.faults.fault_injection import FaultInjection, Hit, Port
from tests.simulation.judging.history_checker import HistoryChecker
from tests.simulation.judging.trace import Trace
from tests.simulation.world.caller import Caller
from tests.simulation.world.deterministic_scheduler import DeterministicScheduler, Process
from tests.support.simulated import Crashed

# Longer than any function is given; whoever is at it then is ended.
TIMEOUT = timedelta(seconds=540)


class UnreliableWire:
    """Carries the calls to one port, whoever makes them: other processes run meanwhile."""

    def __init__(
        self,
        port: Port,
        stepper: DeterministicScheduler,
        weather: FaultInjection,
        *,
        trace: Trace,
        witness: HistoryChecker,
        counts: "Counter[str]",
    ) -> None:
        self.port = port
        self._stepper, self._weather, self._trace = stepper, weather, trace
        self._witness, self._counts = witness, counts

    def call(self, name: str, method: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Make a call, in the weather of the moment."""
        process = self._stepper.running
        assert process is not None, f"{name} was called outside of a process"
        if name == "list_operations":
            return self._pages(method.__self__)  # type: ignore[attr-defined]
        self._counts["calls"] += 1
        hit = self._weather.hit(self.port, name, self._stepper.clock.now())
        self._pass(process, hit.there_s)
        if hit.when == "before":
            self._break(process, name, hit, args)
        if hit.when == "late":
            caller: Caller = method.__self__  # type: ignore[attr-defined]
            taken_up = caller.post(*args)
            self._stepper.after(hit.back_s, lambda: self._late(process, name, taken_up, args))
            self._break(process, name, hit, args)
        answer = self._answer(process, name, method, args, named)
        self._pass(process, hit.back_s)
        if hit.when == "after":
            self._break(process, name, hit, args)
        return answer

    def _answer(
        self,
        process: Process,
        name: str,
        method: Callable[..., Any],
        args: tuple[Any, ...],
        named: dict[str, Any],
    ) -> Any:
        if self.port == "ee":
            process.answered_at = self._stepper.clock.now().replace(microsecond=0)
        try:
            answer = method(*args, **named)
        except Exception as error:
            self._witness.heard(name, args, error)
            self._trace.add(process.name, name, args, error)
            raise
        self._trace.add(process.name, name, args, answer)
        self._witness.saw(process.name, name, args, named, answer)
        return answer

    def _late(
        self, process: Process, name: str, taken_up: Callable[[], str], args: tuple[Any, ...]
    ) -> None:
        """Let a start take effect of which its process has given up to hear."""
        try:
            self._trace.add(process.name, f"{name} (late)", args, taken_up())
        except EarthEngineFault as fault:
            self._trace.add(process.name, f"{name} (late)", args, fault)

    def _break(self, process: Process, name: str, hit: Hit, args: tuple[Any, ...]) -> None:
        if hit.error is None:
            process.killed = True
            self._counts[f"killed at {name}"] += 1
        self._counts[f"{self.port} {hit.when}" if hit.error else "kills"] += 1
        self._trace.add(process.name, f"{name} ({hit.when})", args, hit.error or "KILLED")
        if hit.error is not None:
            self._witness.heard(name, args, hit.error)
        raise hit.error or Crashed

    def _pass(self, process: Process, seconds: float) -> None:
        """Let time pass; a process that was ended meanwhile, or must be, goes no further."""
        if seconds and not process.killed:
            self._stepper.pause(seconds)
        if not process.killed and self._stepper.clock.now() - process.begun > TIMEOUT:
            self._trace.add(process.name, "timeout", (), "KILLED")
            process.killed = True
        if process.killed:
            raise Crashed

    def _pages(self, earth_engine: Caller) -> Iterator[Operation]:
        last: Operation | None = None
        while True:
            page = self.call("page", earth_engine.page, last)
            yield from page
            if len(page) < earth_engine.page_size:
                return
            last = page[-1]
