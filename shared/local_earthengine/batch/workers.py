"""The workers: threads that take operations off the queue and carry them out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from threading import Thread
from typing import Any, Final, Protocol

from local_earthengine.batch.export_request import ExportRequest
from local_earthengine.batch.operation import (
    INTERNAL_CODE,
    INVALID_CODE,
    Operation,
    State,
)
from local_earthengine.batch.operation_queue import Halt, OperationQueue
from local_earthengine.errors import EarthEngineError
from local_earthengine.file_faults import describe, is_of_disk

_log: Final = logging.getLogger(__name__)

WORKERS: Final = 2  # as many as Earth Engine runs at once on average
_STOP_S: Final = 10.0

Progress = Callable[[float], None]


class Runner(Protocol):
    """Carries out one export."""

    def __call__(self, request: ExportRequest, progress: Progress, /) -> None:
        """Run to the end, calling `progress` with the share done (0..1) often enough.

        Whatever `progress` raises ends the run. EarthEngineError: the export's own failure.
        """


class Workers:
    """So many threads that run what is queued."""

    def __init__(self, queue: OperationQueue, runner: Runner, count: int = WORKERS) -> None:
        self._queue, self._runner = queue, runner
        self.trouble: str | None = None  # what the disk did to the latest export that it failed
        self._threads = [Thread(target=self._work, daemon=True) for _ in range(count)]

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Close the queue and wait for the workers: an export ends at its next tile."""
        self._queue.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(_STOP_S)

    def _work(self) -> None:
        while (operation := self._queue.take()) is not None:
            self._carry_out(operation)

    def _carry_out(self, operation: Operation) -> None:
        begun = time.monotonic()
        try:
            state, changes = self._outcome(operation)
        except Halt:
            self._queue.recover(operation.id)
            return
        spent = round(time.monotonic() - begun, 6)
        self._queue.finish(operation.id, state, compute_seconds=spent, **changes)

    def _outcome(self, operation: Operation) -> tuple[State, dict[str, Any]]:
        """Run an operation; return how it ended, and what that changes. Raise Halt."""
        try:
            request = self._queue.request(operation)
            self._runner(request, lambda share: self._queue.advance(operation.id, share))
        except EarthEngineError as refusal:
            return State.FAILED, _failure(INVALID_CODE, refusal.message)
        except OSError as fault:
            words = describe(fault)
            _log.error("operation %s failed: %s", operation.name, words)
            if is_of_disk(fault):
                self.trouble = words
            return State.FAILED, _failure(INTERNAL_CODE, "Internal error.")
        except Exception:
            _log.exception("operation %s failed", operation.name)
            return State.FAILED, _failure(INTERNAL_CODE, "Internal error.")
        self.trouble = None
        uris = (request.destination.uri,)
        return State.SUCCEEDED, {"progress": 1.0, "destination_uris": uris}


def _failure(code: int, message: str) -> dict[str, Any]:
    return {"error_code": code, "error_message": message}
