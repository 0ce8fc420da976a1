"""A deployed function as a process: functions-framework over its folder, on loopback."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.emulators import free_port

ROOT = Path(__file__).resolve().parents[2]
_START_S = 60.0


@contextmanager
def function(name: str, environment: Mapping[str, str], folder: Path) -> Iterator[str]:
    """Run a function by its source and target, its log in `folder`; give its URL."""
    port = free_port()
    command = [sys.executable, "-m", "functions_framework", "--host=127.0.0.1"]
    command += [f"--source={ROOT / 'functions' / name / 'main.py'}", f"--target={name}"]
    command += [f"--port={port}"]
    log = folder / f"{name}.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        try:
            _await(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            # gunicorn's workers are its children: the whole group ends.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _await(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/robots.txt", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"the function did not get ready: {log.read_text(errors='replace')[-2000:]}")
