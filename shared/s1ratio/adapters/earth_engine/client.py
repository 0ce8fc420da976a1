"""`EarthEngineClient`: the port to Earth Engine, one call a method."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import ee
import ee.data

from s1ratio.adapters.earth_engine import session
from s1ratio.adapters.earth_engine.operations import operation_of
from s1ratio.adapters.earth_engine.transport import Transport
from s1ratio.errors import EarthEngineFault, OperationUnknown, TerminalFault, TransientFault
from s1ratio.failures import fault_of
from s1ratio.imagery import export, orbits
from s1ratio.plan import OrbitPass
from s1ratio.ports import Operation
from s1ratio.request import CompositeRequest
from s1ratio.task import Task

T = TypeVar("T")
_PAGE = 500


class EarthEngineClient:
    """Earth Engine for one project. Initialises the client at its first call, not before."""

    def __init__(self, project: str, url: str | None, bucket: str, deadline_s: float) -> None:
        self._project, self._url, self._bucket = project, url, bucket
        self._deadline_s = deadline_s
        self._transport: Transport | None = None

    @property
    def requests_sent(self) -> int:
        """How many HTTP requests have left the process for Earth Engine."""
        return self._transport.sent if self._transport else 0

    def passes(self, request: CompositeRequest) -> tuple[OrbitPass, ...]:
        """Return the passes that meet the AOI in the period, with their shares of it: one call."""
        self._ready()
        reply = _calling(lambda: ee.data.computeValue(orbits.passes_expression(request)))
        return orbits.passes_of(reply)

    def start(self, request: CompositeRequest, task: Task, description: str) -> str:
        """Start the export of a claimed task, one POST; return the operation's name."""
        self._ready()
        request_id = task.ee_request_id
        if request_id is None:
            raise TerminalFault(f"task {task.id} has no Earth Engine request id: claim it first")
        reply = _calling(
            lambda: ee.data.exportImage(
                request_id,
                export.params(
                    request,
                    task.plan,
                    attempt=task.attempt,
                    description=description,
                    bucket=self._bucket,
                    priority=task.priority,
                ),
            )
        )
        return str(reply["name"])

    def operations(self) -> Iterator[Operation]:
        """Yield the project's operations, newest first, a page a request as they are drawn."""
        self._ready()
        # `ee.data.listOperations` would read every page there is before it returned the first.
        resource = ee.data._get_cloud_projects().operations()
        call = resource.list(name=f"projects/{self._project}", pageSize=_PAGE)
        while call is not None:
            reply = _calling(lambda call=call: ee.data._execute_cloud_call(call))  # type: ignore[misc]
            for item in reply.get("operations", []):
                operation = operation_of(item)
                if operation is not None:
                    yield operation
            call = resource.list_next(call, reply)

    def cancel(self, operation: str) -> None:
        """Ask for an operation to be cancelled; an ended or unknown one is left as it is."""
        self._ready()
        try:
            _calling(lambda: ee.data.cancelOperation(operation))
        except (OperationUnknown, TerminalFault):
            return

    def _ready(self) -> None:
        if self._transport is None:
            self._transport = _calling(
                lambda: session.initialize(self._project, self._url, self._deadline_s)
            )


def _calling(call: Callable[[], T]) -> T:
    """Return what a call returns; raise its error as one of our classes."""
    try:
        return call()
    except EarthEngineFault:
        raise
    except ee.EEException as error:
        raise fault_of(str(error), _status_of(error)) from error
    except (TimeoutError, ConnectionError, OSError) as error:
        words = f"Earth Engine did not answer: {type(error).__name__}: {error}"
        raise TransientFault(words) from error


def _status_of(error: ee.EEException) -> int | None:
    """Return the HTTP status, which survives only in the error's context."""
    response: Any = getattr(error.__context__, "resp", None)
    status = getattr(response, "status", None)
    return int(status) if status is not None else None
