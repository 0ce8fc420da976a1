"""`EarthEngineClient`: the port to Earth Engine, one call a method."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from http.client import HTTPException
from typing import Any, TypeVar

import ee
import ee.data
from google.auth.exceptions import GoogleAuthError
from httplib2 import HttpLib2Error
from typing_extensions import override

from s1ratio.adapters.earth_engine import session
from s1ratio.adapters.earth_engine.exporting import post_export
from s1ratio.adapters.earth_engine.graphs import Graphs
from s1ratio.adapters.earth_engine.operations import operation_of
from s1ratio.adapters.earth_engine.transport import Transport
from s1ratio.earth_engine_errors import fault_of
from s1ratio.errors import (
    AccessRefused,
    EarthEngineFault,
    OperationUnknown,
    TerminalFault,
    TookTooLong,
    TransientFault,
)
from s1ratio.imagery import export, inputs, orbits, scenes, view
from s1ratio.inputs import Inputs
from s1ratio.plan import ExportTask, OrbitPass, View
from s1ratio.ports import EarthEngine, Operation
from s1ratio.request import CompositeRequest
from s1ratio.scenes import SceneAnswer, SceneQuestion
from s1ratio.task import Task

T = TypeVar("T")
_PAGE = 500
# How Earth Engine and Google's API servers say that an operation is over already.
_ENDED = re.compile(
    r"already (been )?(cancell?ed|completed?|finished|done|ended|failed|succeeded)"
    r"|(has|is) (been )?(completed|finished|done|ended)"
    r"|not (currently )?(running|cancell?able)"
    r"|(completed|finished|terminal|terminated) (task|operation|state)",
    re.IGNORECASE,
)


class EarthEngineClient(EarthEngine):
    """Earth Engine for one project. Initialises the client at its first call, not before.

    Calls may be made from several threads at once: a function answers several messages.
    """

    def __init__(self, project: str, url: str | None, bucket: str, deadline_s: float) -> None:
        self._project, self._url, self._bucket = project, url, bucket
        self._deadline_s = deadline_s
        self._transport: Transport | None = None
        self._graphs = Graphs()
        self._first = threading.Lock()

    @property
    @override
    def answered_at(self) -> datetime | None:
        return self._transport.dated if self._transport is not None else None

    @override
    def find_passes(self, request: CompositeRequest) -> tuple[OrbitPass, ...]:
        self._ready()
        expression = _built(lambda: orbits.passes_expression(request))
        return _calling(lambda: orbits.passes_of(ee.data.computeValue(expression)))

    @override
    def find_view(self, request: CompositeRequest, plan: ExportTask) -> View:
        self._ready()
        expression = _built(lambda: view.view_expression(request, plan))
        return _calling(lambda: view.view_of(ee.data.computeValue(expression)))

    @override
    def find_inputs(
        self, request: CompositeRequest, plans: Sequence[ExportTask]
    ) -> tuple[Inputs, ...]:
        if not plans:
            return ()
        self._ready()
        expression = _built(lambda: inputs.inputs_expression(request, plans))
        return _calling(lambda: inputs.inputs_of(ee.data.computeValue(expression), many=len(plans)))

    @override
    def digest_graph(self, request: CompositeRequest, plan: ExportTask) -> str:
        self._ready()
        return _built(lambda: self._graphs.of(request, plan)).digest

    @override
    def find_scenes(self, questions: Sequence[SceneQuestion]) -> tuple[SceneAnswer, ...]:
        if not questions:
            return ()
        self._ready()
        expression = _built(lambda: scenes.scenes_expression(questions))
        return _calling(lambda: scenes.scenes_of(questions, ee.data.computeValue(expression)))

    @override
    def start(self, request: CompositeRequest, task: Task, description: str) -> str:
        self._ready()
        request_id = task.claim.ee_request_id
        if request_id is None:
            raise TerminalFault(f"task {task.id} has no Earth Engine request id: claim it first")
        body = _built(
            lambda: export.addressed(
                self._graphs.of(request, task.plan).body,
                task.plan,
                attempt=task.run.attempt,
                description=description,
                bucket=self._bucket,
                priority=task.place.priority,
            )
        )
        return _calling(lambda: _name_in(post_export(request_id, body)))

    @override
    def list_operations(self) -> Iterator[Operation]:
        self._ready()
        # `ee.data.listOperations` would read every page there is before it returned the first.
        resource = ee.data._get_cloud_projects().operations()
        call = resource.list(name=f"projects/{self._project}", pageSize=_PAGE)
        while call is not None:
            found, call = _calling(lambda call=call: _page(resource, call))  # type: ignore[misc]
            yield from found

    @override
    def get_operation(self, name: str) -> Operation:
        self._ready()
        found = operation_of(_calling(lambda: ee.data.getOperation(name)))
        if found is None:
            raise TransientFault(f"Earth Engine's answer on {name} makes no sense")
        return found

    @override
    def cancel(self, operation: str) -> None:
        self._ready()
        try:
            _calling(lambda: ee.data.cancelOperation(operation))
        except OperationUnknown:
            return
        except (TerminalFault, AccessRefused) as fault:
            if not _ENDED.search(str(fault)):  # such as a right that is missing
                raise

    def _ready(self) -> None:
        """Initialise once: to do it again would change the client under another thread's call."""
        with self._first:
            if self._transport is None:
                self._transport = _calling(
                    lambda: session.initialize(self._project, self._url, self._deadline_s)
                )


def _page(resource: Any, call: Any) -> tuple[list[Operation], Any]:
    """Return the operations of one page, and the call for the next page or None."""
    reply = ee.data._execute_cloud_call(call)
    items = map(operation_of, reply.get("operations", []))
    return [item for item in items if item is not None], resource.list_next(call, reply)


def _name_in(reply: dict[str, Any]) -> str:
    name = reply["name"]
    if not name or not isinstance(name, str):
        raise ValueError(f"an operation named {name!r}")
    return name


def _built(build: Callable[[], T]) -> T:
    """Return an expression; that it can't be built is no trouble that passes."""
    try:
        return build()
    except EarthEngineFault:
        raise
    except Exception as error:
        words = f"the expression can't be built: {type(error).__name__}: {error}"
        raise TerminalFault(words) from error


def _calling(call: Callable[[], T]) -> T:
    """Return what a call returns; raise its error as one of our classes, whatever it was.

    A reply that is none of Earth Engine's, a token that can't be had and a broken wire are all
    passing faults: nothing is known of what the call did.
    """
    try:
        return call()
    except EarthEngineFault:
        raise
    except ee.EEException as error:
        raise fault_of(str(error), _status_of(error)) from error
    except GoogleAuthError as error:
        words = f"there are no credentials for Earth Engine now: {type(error).__name__}: {error}"
        raise TransientFault(words) from error
    except TimeoutError as error:
        words = f"Earth Engine did not answer: {type(error).__name__}: {error}"
        raise TookTooLong(words) from error
    except (OSError, HttpLib2Error, HTTPException) as error:
        words = f"Earth Engine did not answer: {type(error).__name__}: {error}"
        raise TransientFault(words) from error
    except Exception as error:  # what a misshapen reply makes of the client's code and ours
        words = f"Earth Engine's answer makes no sense: {type(error).__name__}: {error}"
        fault = TransientFault(words)
        fault.unreadable = True
        raise fault from error


def _status_of(error: ee.EEException) -> int | None:
    """Return the HTTP status, which survives only in the error's context."""
    response: Any = getattr(error.__context__, "resp", None)
    status = getattr(response, "status", None)
    return int(status) if status is not None else None
