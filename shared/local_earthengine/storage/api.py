"""Cloud Storage's JSON interface, for the folder that exports go to: reads, metadata, uploads.

What STORAGE_EMULATOR_HOST points the google-cloud-storage client at: list, get, ranged reads and
the metadata of objects run over the same wire as in the cloud. Small objects may be uploaded, and
replaced on a condition; nothing is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, unquote

from local_earthengine.errors import EarthEngineError
from local_earthengine.storage.objects import Buckets, StoredObject
from local_earthengine.storage.uploads import read_upload
from local_earthengine.wire.exchange import FileRange, Reply, Request, json_reply

_PAGE: Final = 1000
_BUCKET: Final = re.compile(r"/storage/v1/b/(?P<bucket>[^/]+)/?")
_LIST: Final = re.compile(r"/storage/v1/b/(?P<bucket>[^/]+)/o/?")
_UPLOAD: Final = re.compile(r"/upload/storage/v1/b/(?P<bucket>[^/]+)/o/?")
_OBJECT: Final = re.compile(r"(?:/download)?/storage/v1/b/(?P<bucket>[^/]+)/o/(?P<name>[^/]+)")
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_REASONS: Final = {400: "invalid", 403: "forbidden", 404: "notFound", 412: "conditionNotMet"}


def is_storage(path: str) -> bool:
    """Tell whether a request's path is Cloud Storage's and not Earth Engine's."""
    return path.startswith(("/storage/", "/download/storage/", "/upload/storage/"))


@dataclass(frozen=True)
class StorageApi:
    """Answers Cloud Storage's requests for the folders in `buckets`; `url` is the server's."""

    buckets: Buckets
    url: str

    def __call__(self, request: Request) -> Reply:
        """Answer a request; refusals are in Cloud Storage's own form."""
        try:
            return self._answer(request)
        except EarthEngineError as refusal:
            return _refused(refusal)

    def _answer(self, request: Request) -> Reply:
        if request.method == "PATCH" and (found := _OBJECT.fullmatch(request.path)):
            stored = self.buckets.object(found["bucket"], unquote(found["name"]))
            _check_generation(stored, request.query)
            return json_reply(self.buckets.describe(stored, request.json()).to_json(self.url))
        if request.method == "POST" and (found := _UPLOAD.fullmatch(request.path)):
            written = self.buckets.write(found["bucket"], read_upload(request))
            return json_reply(written.to_json(self.url))
        if request.method not in ("GET", "HEAD"):
            raise EarthEngineError("This storage only takes uploads: nothing else changes it.", 403)
        if found := _OBJECT.fullmatch(request.path):
            stored = self.buckets.object(found["bucket"], unquote(found["name"]))
            _check_generation(stored, request.query)
            if request.query.get("alt") == "media":
                return _media(stored, request.headers.get("range"))
            return json_reply(stored.to_json(self.url))
        if found := _LIST.fullmatch(request.path):
            return json_reply(self._list(found["bucket"], request.query))
        if found := _BUCKET.fullmatch(request.path):
            self.buckets.get(found["bucket"])
            name = found["bucket"]
            return json_reply({"kind": "storage#bucket", "id": name, "name": name})
        raise EarthEngineError(f"Not found: {request.method} {request.path}", 404)

    def _list(self, bucket: str, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of objects and, with a delimiter, of the prefixes that gather them.

        A page token is the last name or prefix of the page before.
        """
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        size = min(_number(query, "maxResults", _PAGE) or _PAGE, _PAGE)
        entries = _gathered(self.buckets.objects(bucket, prefix), prefix, delimiter)
        after = unquote(query.get("pageToken", "")).encode()
        first, last = query.get("startOffset", ""), query.get("endOffset")
        left = [
            (name, stored)
            for name, stored in entries.items()
            if name.encode() > after and name >= first and (last is None or name < last)
        ]
        page = left[:size]
        body: dict[str, Any] = {"kind": "storage#objects"}
        if items := [stored.to_json(self.url) for _, stored in page if stored]:
            body["items"] = items
        if prefixes := [name for name, stored in page if stored is None]:
            body["prefixes"] = prefixes
        if len(left) > len(page):
            body["nextPageToken"] = quote(page[-1][0], safe="")
        return body


def _gathered(
    objects: list[StoredObject], prefix: str, delimiter: str
) -> dict[str, StoredObject | None]:
    """Return the entries of a listing by name; None stands for a prefix that gathers several."""
    entries: dict[str, StoredObject | None] = {}
    for stored in objects:
        cut = stored.name.find(delimiter, len(prefix)) if delimiter else -1
        if cut < 0:
            entries[stored.name] = stored
        else:
            entries.setdefault(stored.name[: cut + len(delimiter)], None)
    return entries


def _media(stored: StoredObject, wanted: str | None) -> Reply:
    """Return an object's bytes, or the range of them that a Range header asks for."""
    crc32c, md5 = stored.hashes
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": f'"{stored.generation}"',
        "X-Goog-Hash": f"crc32c={crc32c},md5={md5}",
        "X-Goog-Generation": str(stored.generation),
        "X-Goog-Stored-Content-Length": str(stored.size),
    }
    span = _span(wanted, stored.size)
    if span is None:
        whole = FileRange(stored.path, 0, stored.size)
        return Reply(whole, 200, stored.content_type, headers)
    start, length = span
    if length <= 0:
        headers = {"Content-Range": f"bytes */{stored.size}"}
        message = b"The requested range cannot be satisfied."
        return Reply(message, 416, "text/html; charset=UTF-8", headers)
    headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{stored.size}"
    return Reply(FileRange(stored.path, start, length), 206, stored.content_type, headers)


def _span(wanted: str | None, size: int) -> tuple[int, int] | None:
    """Return (start, length) of a Range header; length 0 if it lies outside; None for the whole.

    A header that is none of bytes=A-B, bytes=A- or bytes=-N is passed over, as HTTP has it.
    """
    found = _RANGE.fullmatch(wanted or "")
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        length = min(int(last), size)
        return size - length, length
    start = int(first)
    end = min(int(last), size - 1) if last else size - 1
    return None if last and int(last) < start else (start, max(0, end + 1 - start))


def _check_generation(stored: StoredObject, query: Mapping[str, str]) -> None:
    """Hold a request to the generation that it names."""
    if query.get("generation", str(stored.generation)) != str(stored.generation):
        raise EarthEngineError(f"No such object: {stored.bucket}/{stored.name}", 404)
    if query.get("ifGenerationMatch", str(stored.generation)) != str(stored.generation):
        raise EarthEngineError("At least one of the pre-conditions did not hold.", 412)
    version = str(stored.metadata.version)
    if query.get("ifMetagenerationMatch", version) != version:
        raise EarthEngineError("At least one of the pre-conditions did not hold.", 412)


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise EarthEngineError(f"Invalid value for {name}: {value!r}.")
    return int(value)


def _refused(refusal: EarthEngineError) -> Reply:
    reason = _REASONS.get(refusal.status, "backendError")
    detail = {"message": refusal.message, "domain": "global", "reason": reason}
    error = {"code": refusal.status, "message": refusal.message, "errors": [detail]}
    return json_reply({"error": error}, refusal.status)
