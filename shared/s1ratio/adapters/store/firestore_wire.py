"""Firestore's calls over a channel of our own, in the service's plain messages.

What Firestore's own client does about each call (it wraps messages field by field, runs a thread
for each stream) was a third of what a launch costs. Address, account and headers are the client's.
"""

from collections.abc import Callable
from typing import Any

import grpc
from google.api_core.exceptions import from_grpc_error
from google.api_core.gapic_v1.routing_header import to_grpc_metadata
from google.cloud.firestore import Client
from google.cloud.firestore_v1.base_client import _DEFAULT_CHANNEL_OPTIONS
from google.cloud.firestore_v1.services.firestore.transports.grpc import FirestoreGrpcTransport
from google.cloud.firestore_v1.types import firestore as messages
from grpc.experimental import ChannelOptions

_SERVICE = "/google.firestore.v1.Firestore/"
# Whoever reads a stream waits for its next message itself, and no thread does so beside it.
_OPTIONS = [*_DEFAULT_CHANNEL_OPTIONS, (ChannelOptions.SingleThreadedUnaryStream, 1)]


class FirestoreWire:
    """What a store asks of the database of `client`.

    A call takes the service's message and a deadline in seconds. Its errors are those of
    `google.api_core.exceptions`; nothing is tried again here.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._channel = _open_channel(client)
        self.documents = f"{client._database_string}/documents"
        database, parent = ("database", client._database_string), ("parent", self.documents)
        self._commit = self._channel.unary_unary(
            f"{_SERVICE}Commit", *_codecs(messages.CommitRequest, messages.CommitResponse)
        )
        self._of_database, self._of_parent = self._headers(database), self._headers(parent)
        self._get = self._stream(
            "BatchGetDocuments",
            messages.BatchGetDocumentsRequest,
            messages.BatchGetDocumentsResponse,
        )
        self._find = self._stream("RunQuery", messages.RunQueryRequest, messages.RunQueryResponse)
        self._aggregate = self._stream(
            "RunAggregationQuery",
            messages.RunAggregationQueryRequest,
            messages.RunAggregationQueryResponse,
        )

    def commit(self, request: Any, deadline_s: float) -> Any:
        """Return the answer to a `CommitRequest`."""
        return _answer(self._commit, request, deadline_s, self._of_database)

    def get(self, request: Any, deadline_s: float) -> list[Any]:
        """Return all messages of the answer to a `BatchGetDocumentsRequest`."""
        return _answers(self._get, request, deadline_s, self._of_database)

    def find(self, request: Any, deadline_s: float) -> list[Any]:
        """Return all messages of the answer to a `RunQueryRequest`."""
        return _answers(self._find, request, deadline_s, self._of_parent)

    def aggregate(self, request: Any, deadline_s: float) -> list[Any]:
        """Return all messages of the answer to a `RunAggregationQueryRequest`."""
        return _answers(self._aggregate, request, deadline_s, self._of_parent)

    def close(self) -> None:
        """Let go of the connection; calls after it fail."""
        self._channel.close()

    def _stream(self, name: str, request: Any, response: Any) -> Any:
        return self._channel.unary_stream(_SERVICE + name, *_codecs(request, response))

    def _headers(self, routed_by: tuple[str, str]) -> list[tuple[str, str]]:
        client = self._client
        return [
            *client._rpc_metadata,
            to_grpc_metadata((routed_by,)),  # type: ignore[no-untyped-call]
            client._client_info.to_grpc_metadata(),
        ]


def _open_channel(client: Client) -> Any:
    if client._emulator_host is not None:
        return grpc.insecure_channel(client._emulator_host, options=_OPTIONS)
    return FirestoreGrpcTransport.create_channel(
        client._target, credentials=client._credentials, options=_OPTIONS
    )


def _codecs(request: Any, response: Any) -> tuple[Any, Any]:
    """Return how a method's request is written and its response read."""
    return request.pb().SerializeToString, response.pb().FromString


def _answer(call: Callable[..., Any], request: Any, deadline_s: float, headers: Any) -> Any:
    try:
        return call(request, timeout=deadline_s, metadata=headers)
    except grpc.RpcError as error:
        raise from_grpc_error(error) from error  # type: ignore[no-untyped-call]


def _answers(call: Callable[..., Any], request: Any, deadline_s: float, headers: Any) -> list[Any]:
    try:
        return list(call(request, timeout=deadline_s, metadata=headers))
    except grpc.RpcError as error:
        raise from_grpc_error(error) from error  # type: ignore[no-untyped-call]
