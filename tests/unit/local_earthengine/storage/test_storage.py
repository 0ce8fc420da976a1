"""The folder as Cloud Storage shows it: over raw HTTP, and with the unmodified client."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.api_core.exceptions import BadRequest, Forbidden, NotFound, PreconditionFailed
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage

from local_earthengine.storage.api import StorageApi
from local_earthengine.storage.objects import Buckets
from local_earthengine.wire.exchange import Reply, Request
from local_earthengine.wire.serving import HttpServer
from tests.unit.local_earthengine.wire.serving import serving

DEADLINE = 60.0
BYTES = bytes(range(256)) * 40


@pytest.fixture
def out(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    for name in ("a/one.tif", "a/two.tif", "a/b/three.tif", "z.json", "sp ace+&#.tif"):
        path = out / "my-bucket" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(BYTES)
    (out / ".s1ratio").mkdir()
    (out / ".s1ratio" / "secret").write_text("x")
    (out / "drive" / "folder").mkdir(parents=True)
    (out / "drive" / "folder" / "one.tif").write_bytes(BYTES)
    return out


@pytest.fixture
def url(out: Path) -> Iterator[str]:
    api: list[StorageApi] = []

    def answer(request: Request) -> Reply:
        return api[0](request)

    server = HttpServer("127.0.0.1", 0, answer)
    api.append(StorageApi(Buckets(out), server.url))
    with serving(server):
        yield server.url


def anonymous() -> Any:
    return AnonymousCredentials()


@pytest.fixture
def client(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[storage.Client]:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
    one = storage.Client(project="demo", credentials=anonymous())
    yield one
    one.close()


def fetch(
    url: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers=headers or {}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=DEADLINE) as response:
            return response.status, dict(response.headers), response.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, dict(refusal.headers), refusal.read()


def listed(url: str, **query: Any) -> dict[str, Any]:
    query_text = urllib.parse.urlencode(query)
    status, _, body = fetch(f"{url}/storage/v1/b/my-bucket/o?{query_text}")
    assert status == 200
    return json.loads(body)  # type: ignore[no-any-return]


def test_the_client_lists_with_prefixes_and_pages(client: storage.Client) -> None:
    names = [blob.name for blob in client.list_blobs("my-bucket", timeout=DEADLINE)]
    assert names == ["a/b/three.tif", "a/one.tif", "a/two.tif", "sp ace+&#.tif", "z.json"]
    paged = client.list_blobs("my-bucket", prefix="a/", page_size=2, timeout=DEADLINE)
    assert [[b.name for b in page] for page in paged.pages] == [
        ["a/b/three.tif", "a/one.tif"],
        ["a/two.tif"],
    ]
    folders = client.list_blobs("my-bucket", prefix="a/", delimiter="/", timeout=DEADLINE)
    assert [b.name for b in folders] == ["a/one.tif", "a/two.tif"]
    assert folders.prefixes == {"a/b/"}
    some = client.list_blobs("my-bucket", prefix="a/t", fields="items(name)", timeout=DEADLINE)
    assert [b.name for b in some] == ["a/two.tif"]
    assert list(client.list_blobs("my-bucket", prefix="none", timeout=DEADLINE)) == []


@pytest.mark.parametrize("name", ["a/one.tif", "sp ace+&#.tif"])
def test_the_client_reads_wholes_and_ranges(client: storage.Client, name: str) -> None:
    blob = client.bucket("my-bucket").get_blob(name, timeout=DEADLINE)
    assert blob is not None
    assert blob.size == len(BYTES)
    assert blob.content_type == "image/tiff"
    assert blob.md5_hash == base64.b64encode(hashlib.md5(BYTES).digest()).decode()  # noqa: S324
    assert blob.download_as_bytes(timeout=DEADLINE) == BYTES
    assert blob.download_as_bytes(start=5, end=300, timeout=DEADLINE) == BYTES[5:301]
    assert blob.download_as_bytes(start=10_000, timeout=DEADLINE) == BYTES[10_000:]
    with blob.open("rb", chunk_size=1024, timeout=DEADLINE) as file:
        file.seek(9_000)
        assert file.read(2_000) == BYTES[9_000:]


def test_what_is_not_there_is_not_found(client: storage.Client) -> None:
    bucket = client.bucket("my-bucket")
    assert bucket.get_blob("a/none.tif", timeout=DEADLINE) is None
    assert not bucket.blob("a").exists(timeout=DEADLINE)
    with pytest.raises(NotFound, match=r"my-bucket/a/none\.tif"):
        bucket.blob("a/none.tif").download_as_bytes(timeout=DEADLINE)
    with pytest.raises(NotFound, match="bucket does not exist"):
        list(client.list_blobs("other-bucket", timeout=DEADLINE))
    assert client.get_bucket("my-bucket", timeout=DEADLINE).name == "my-bucket"


def test_nothing_is_deleted(client: storage.Client, out: Path) -> None:
    with pytest.raises(Forbidden, match="only takes uploads"):
        client.bucket("my-bucket").blob("z.json").delete(timeout=DEADLINE)
    assert (out / "my-bucket" / "z.json").is_file()


@pytest.mark.parametrize("data", [b"", b"x", b"--=\r\n\r\n--", BYTES])
def test_an_upload_is_there_whole(client: storage.Client, out: Path, data: bytes) -> None:
    blob = client.bucket("my-bucket").blob("new/folder/x.json")
    blob.upload_from_string(data, content_type="application/json", timeout=DEADLINE)
    assert (out / "my-bucket/new/folder/x.json").read_bytes() == data
    assert blob.generation is not None
    assert blob.download_as_bytes(timeout=DEADLINE) == data
    names = [one.name for one in client.list_blobs("my-bucket", prefix="new/", timeout=DEADLINE)]
    assert names == ["new/folder/x.json"]


def test_an_upload_holds_to_the_generation_that_it_names(client: storage.Client) -> None:
    bucket = client.bucket("my-bucket")
    generations: list[int] = []
    for number in range(5):
        blob = bucket.blob("counted.json")
        expected = generations[-1] if generations else 0
        blob.upload_from_string(b"%d" % number, if_generation_match=expected, timeout=DEADLINE)
        generations.append(blob.generation)
    assert generations == sorted(set(generations)), "each is another one, however fast they come"
    for wrong in (0, generations[0], generations[-1] + 1):
        with pytest.raises(PreconditionFailed):
            bucket.blob("counted.json").upload_from_string(
                b"x", if_generation_match=wrong, timeout=DEADLINE
            )
    with pytest.raises(PreconditionFailed):
        bucket.blob("none.json").upload_from_string(b"x", if_generation_match=7, timeout=DEADLINE)
    assert bucket.blob("counted.json").download_as_bytes(timeout=DEADLINE) == b"4"


def test_an_upload_leaves_neither_bucket_nor_folder(client: storage.Client, out: Path) -> None:
    for name in ("../x.json", "a/../../x.json", "/x.json"):
        with pytest.raises(BadRequest):
            client.bucket("my-bucket").blob(name).upload_from_string(b"x", timeout=DEADLINE)
    with pytest.raises(NotFound):
        client.bucket("other-bucket").blob("x").upload_from_string(b"x", timeout=DEADLINE)
    assert not (out / "x.json").exists()
    assert not (out / "my-bucket" / "x.json").exists()


def test_a_new_writing_is_a_new_generation(client: storage.Client, out: Path) -> None:
    before = client.bucket("my-bucket").get_blob("z.json", timeout=DEADLINE)
    (out / "my-bucket" / "z.json").write_bytes(b"new")
    os.utime(out / "my-bucket" / "z.json", ns=(0, 2_000_000_000_000_000_000))
    after = client.bucket("my-bucket").get_blob("z.json", timeout=DEADLINE)
    assert before is not None
    assert after is not None
    assert after.generation > before.generation
    assert after.updated > before.updated
    assert after.download_as_bytes(timeout=DEADLINE) == b"new"
    with pytest.raises(NotFound):
        before.download_as_bytes(timeout=DEADLINE)


@pytest.mark.parametrize(
    ("wanted", "status", "shown", "part"),
    [
        ("bytes=0-0", 206, "bytes 0-0/10240", BYTES[:1]),
        ("bytes=10-", 206, "bytes 10-10239/10240", BYTES[10:]),
        ("bytes=-6", 206, "bytes 10234-10239/10240", BYTES[-6:]),
        ("bytes=10000-99999", 206, "bytes 10000-10239/10240", BYTES[10_000:]),
        ("bytes=10240-", 416, "bytes */10240", None),
        ("bytes=-0", 416, "bytes */10240", None),
        ("bytes=9-3", 200, None, BYTES),
        ("lines=1-2", 200, None, BYTES),
    ],
)
def test_a_range_header_gives_its_bytes(
    url: str, wanted: str, status: int, shown: str | None, part: bytes | None
) -> None:
    path = f"{url}/download/storage/v1/b/my-bucket/o/a%2Fone.tif?alt=media"
    got, headers, body = fetch(path, {"Range": wanted})
    assert (got, headers.get("Content-Range")) == (status, shown)
    if part is not None:
        assert body == part


@pytest.mark.parametrize(
    "path",
    [
        "/storage/v1/b/my-bucket/o/..%2F..%2Fsecret",
        "/storage/v1/b/my-bucket/o/..%2F.s1ratio%2Fsecret",
        "/storage/v1/b/..%2Fout/o/my-bucket%2Fz.json",
        "/storage/v1/b/.s1ratio/o",
        "/storage/v1/b/.s1ratio/o/secret",
        "/storage/v1/b/drive/o",
        "/storage/v1/b/my-bucket/o/a%00",
        "/storage/v1/b/my-bucket/o/%2Fetc%2Fpasswd",
        "/storage/v1/other",
    ],
)
def test_nothing_outside_the_buckets_is_shown(url: str, path: str) -> None:
    status, _, body = fetch(url + path)
    assert status == 404
    error = json.loads(body)["error"]
    assert error["code"] == 404
    assert error["errors"][0]["reason"] == "notFound"


def test_links_out_of_the_folder_are_neither_listed_nor_read(url: str, out: Path) -> None:
    (out.parent / "private").mkdir()
    (out.parent / "private" / "key").write_text("x")
    (out / "my-bucket" / "folder-link").symlink_to(out.parent / "private")
    (out / "my-bucket" / "file-link").symlink_to(out.parent / "private" / "key")
    names = {item["name"] for item in listed(url)["items"]}
    assert not {"folder-link/key", "file-link"} & names
    for name in ("folder-link%2Fkey", "file-link"):
        assert fetch(f"{url}/storage/v1/b/my-bucket/o/{name}?alt=media")[0] == 404


def test_pages_show_everything_once(url: str) -> None:
    names: list[str] = []
    token = ""
    while True:
        page = listed(url, maxResults=1, pageToken=token, delimiter="/")
        names += [item["name"] for item in page.get("items", [])] + page.get("prefixes", [])
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert names == ["a/", "sp ace+&#.tif", "z.json"]
    assert fetch(f"{url}/storage/v1/b/my-bucket/o?maxResults=many")[0] == 400


def patched(url: str, body: object, query: str = "") -> Any:
    """Send a PATCH of an object; return the answer's JSON, its error's message where refused."""
    where = f"{url}/storage/v1/b/my-bucket/o/a%2Fone.tif{query}"
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(
            urllib.request.Request(where, data, method="PATCH"), timeout=DEADLINE
        ) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        return json.load(refusal)["error"]["code"]


def test_metadata_is_kept_beside_one_writing_of_an_object(
    client: storage.Client, out: Path
) -> None:
    blob = client.bucket("my-bucket").blob("a/one.tif")
    before = client.bucket("my-bucket").get_blob("a/one.tif", timeout=DEADLINE)
    assert before is not None
    assert before.metadata is None
    for texts in ({"unit": "dB", "who": "µ"}, {"unit": "1"}):
        blob.metadata = texts
        blob.patch(timeout=DEADLINE)
    after = client.bucket("my-bucket").get_blob("a/one.tif", timeout=DEADLINE)
    assert after is not None
    assert after.metadata == {"unit": "1", "who": "µ"}
    assert (before.metageneration, after.metageneration) == (1, 3)
    assert (after.generation, after.time_created) == (before.generation, before.time_created)
    assert after.updated > before.updated
    names = [b.name for b in client.list_blobs("my-bucket", timeout=DEADLINE)]
    assert sorted(names) == ["a/b/three.tif", "a/one.tif", "a/two.tif", "sp ace+&#.tif", "z.json"]
    path = out / "my-bucket" / "a" / "one.tif"
    assert path.read_bytes() == BYTES
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 10**9))
    anew = client.bucket("my-bucket").get_blob("a/one.tif", timeout=DEADLINE)
    assert anew is not None
    assert (anew.metadata, anew.metageneration) == (None, 1)


@pytest.mark.parametrize(
    ("body", "query", "code"),
    [
        ({"metadata": {"a": 1}}, "", 400),
        ({"metadata": ["a"]}, "", 400),
        ({"metadata": {"a": "x" * 9000}}, "", 400),
        (b"no JSON", "", 400),
        ({"contentType": "text/plain"}, "", 501),
        ({"metadata": {"a": "b"}}, "?ifMetagenerationMatch=7", 412),
        ({"metadata": {"a": "b"}}, "?ifGenerationMatch=7", 412),
    ],
)
def test_metadata_that_cannot_be_kept_is_refused(
    url: str, body: object, query: str, code: int
) -> None:
    assert patched(url, body, query) == code
    assert patched(url, {"metadata": {"a": "b", "c": None}})["metadata"] == {"a": "b"}
    assert "metadata" not in patched(url, {"metadata": {"a": None}})
