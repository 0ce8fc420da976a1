"""Processes that run one at a time, in simulated time: any interleaving, and always the same one.

A process is a thread that holds the baton until it pauses. Who is next is decided by the time at
which each wants to go on, and nothing else, so that a run can be repeated.
"""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from threading import Lock, Thread

from tests.support.simulated import Crashed, SimulatedClock

Action = Callable[[], None]


class DeterministicScheduler:
    """Deals the baton. All that happens is on one agenda: by time, then by order of entry.

    Once it is `halted` nothing happens any more; the first complaint does that to a `hasty` one.
    `deploy` tells which version of the software a process that begins now runs.
    """

    def __init__(self, clock: SimulatedClock) -> None:
        self.clock = clock
        self.running: Process | None = None
        self.halted = self.hasty = False
        self._agenda: list[tuple[datetime, int, Action]] = []
        self._order = count()
        self.errors: list[tuple[str, BaseException]] = []
        self.deploy: Callable[[], int] = lambda: 1
        self._alive: list[Process] = []
        self._dealer = Lock()
        self._dealer.acquire()

    @property
    def busy(self) -> bool:
        """Whether a process has not ended yet."""
        return bool(self._alive)

    def at(self, when: datetime, action: Action) -> None:
        """Do something at a time; a past one means now."""
        heapq.heappush(self._agenda, (when, next(self._order), action))

    def after(self, seconds: float, action: Action) -> None:
        """Do something after a time."""
        self.at(self.clock.now() + timedelta(seconds=seconds), action)

    def spawn(self, name: str, body: Action, site: str = "") -> "Process":
        """Begin a process, now; it is one of a site."""
        process = Process(name, body, self, site)
        process.software = self.deploy()
        self._alive.append(process)
        self.at(self.clock.now(), process.go_on)
        return process

    def run(self, until: datetime) -> None:
        """Let everything happen that is due by then; the clock shows that time afterwards."""
        while self._agenda and self._agenda[0][0] <= until and not self.halted:
            when, _, action = heapq.heappop(self._agenda)
            self._advance(when)
            action()
        self._advance(until)

    def finish(self) -> None:
        """Run until every process has ended."""
        while self._alive and not self.halted:
            self.run(self._agenda[0][0])

    def close(self) -> None:
        """End the processes that are still there: they are killed where they pause."""
        for process in list(self._alive):
            process.killed = True
            process.go_on()

    def kill_all(self, site: str) -> None:
        """Kill the processes of a site: they go no further than they are."""
        for process in self._alive:
            process.killed = process.killed or process.site == site

    def pause(self, seconds: float) -> None:
        """Let the running process wait, others go meanwhile."""
        process = self.running
        when = self.clock.now() + timedelta(seconds=seconds)
        if process is None or process.killed:
            return
        if not self._agenda or when < self._agenda[0][0]:  # nobody else is due before
            self._advance(when)
            return
        self.at(when, process.go_on)
        self._deal_back()
        process.turn.acquire()

    def hand_to(self, process: "Process") -> None:
        """Let a process run until it pauses or ends."""
        self.running = process
        process.turn.release()
        self._dealer.acquire()
        self.running = None

    def ended(self, process: "Process") -> None:
        """Take a process off; it held the baton."""
        self._alive.remove(process)
        process.over = True
        if process.error is not None:
            self.errors.append((process.name, process.error))
        self._deal_back()

    def _deal_back(self) -> None:
        self._dealer.release()

    def _advance(self, when: datetime) -> None:
        self.clock.sleep(max(0.0, (when - self.clock.now()).total_seconds()))


class Process:
    """One process; once `killed`, it must do nothing more that others could see.

    `answered_at` is when Earth Engine answered it last, by its own clock. `software` is the version
    that it runs.
    """

    def __init__(self, name: str, body: Action, stepper: DeterministicScheduler, site: str) -> None:
        self.name, self.site = name, site
        self.killed = self.over = False
        self.begun = stepper.clock.now()
        self.answered_at: datetime | None = None
        self.software = 1
        self.error: BaseException | None = None
        self.turn = Lock()
        self.turn.acquire()
        self._body, self._stepper = body, stepper
        self._thread: Thread | None = None

    def go_on(self) -> None:
        """Run on, from the beginning or where it paused."""
        if self._thread is None:
            self._thread = Thread(target=self._live, name=self.name, daemon=True)
            self._thread.start()
        self._stepper.hand_to(self)

    def _live(self) -> None:
        self.turn.acquire()
        try:
            if not self.killed:
                self._body()
        except Crashed:
            pass
        except BaseException as error:
            self.error = error
        finally:
            self._stepper.ended(self)
