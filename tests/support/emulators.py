"""The genuine Firestore and Pub/Sub emulators of the Cloud SDK, as processes of a test run."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.required_tools import require

_JVM = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k", "-Xmx512m")
_FIRESTORE = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
_START_S = 60.0
_STOP_S = 5.0


@contextmanager
def firestore(folder: Path) -> Iterator[str]:
    """Run the Firestore emulator, its log in `folder`; give its `host:port`."""
    jar = _jar("cloud-firestore-emulator/cloud-firestore-emulator.jar")
    with _running(["-cp", str(jar), _FIRESTORE], folder / "firestore.log") as host:
        yield host


@contextmanager
def pubsub(folder: Path) -> Iterator[str]:
    """Run the Pub/Sub emulator, its log in `folder`; give its `host:port`."""
    jar = _jar("pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar")
    with _running(["-jar", str(jar)], folder / "pubsub.log") as host:
        yield host


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sdk_roots() -> list[Path]:
    """Return where the Cloud SDK may lie, likeliest first."""
    named = os.environ.get("CLOUDSDK_ROOT")
    gcloud = shutil.which("gcloud")
    return [
        *([Path(named)] if named else []),
        *([Path(gcloud).resolve().parents[1]] if gcloud else []),
        Path("/usr/lib/google-cloud-sdk"),
        Path.home() / "google-cloud-sdk",
    ]


def _jar(pattern: str) -> Path:
    require(shutil.which("java"), "Java is missing: no `java` on the PATH")
    found = [jar for root in sdk_roots() for jar in sorted((root / "platform").glob(pattern))]
    require(found, f"the Cloud SDK's emulator is missing: no platform/{pattern} (CLOUDSDK_ROOT)")
    return found[0]


@contextmanager
def _running(program: Sequence[str], log: Path) -> Iterator[str]:
    host = f"127.0.0.1:{free_port()}"
    port = host.rpartition(":")[2]
    command = ["java", *_JVM, "-Duser.language=en", *program, "--host=127.0.0.1", f"--port={port}"]
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            _await(process, host, log)
            yield host
        finally:
            _stop(process)


def _await(process: "subprocess.Popen[bytes]", host: str, log: Path) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end and process.poll() is None:
        if _answers(host):
            return
        time.sleep(0.05)
    tail = log.read_text(errors="replace")[-2000:]
    raise RuntimeError(f"the emulator at {host} did not get ready: {tail}")


def _answers(host: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever the proxy
    try:
        with direct.open(f"http://{host}/", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
