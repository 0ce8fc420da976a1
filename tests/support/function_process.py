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
_STOP_S = 10.0
# Whose clock runs as fast as it is told, or as the machine's.
_HURRIED, _PLAIN = "tests.support.fast_clock", "functions_framework"
SET = "tests.support.set_clock"


class FunctionProcess:
    """One function on a port of its own, which it keeps however often it is started anew.

    `source` is its `main.py`, `target` the function in it; the log goes to `folder`. `module` runs
    it in the place of functions-framework.
    """

    def __init__(
        self,
        source: Path,
        target: str,
        environment: Mapping[str, str],
        folder: Path,
        *,
        hurried: bool = False,
        module: str | None = None,
    ) -> None:
        self._port = free_port()
        self._command = [sys.executable, "-m", module or (_HURRIED if hurried else _PLAIN)]
        self._command += ["--host=127.0.0.1", f"--port={self._port}"]
        self._command += [f"--source={source}", f"--target={target}"]
        self._environment = {**os.environ, **environment}
        self._cwd = ROOT
        self.log = folder / f"{target}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """http://host:port, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Run it; return when it answers."""
        self.spawn()
        self.wait()

    def spawn(self) -> None:
        """Begin to run it."""
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._cwd,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Return when it answers."""
        end = time.monotonic() + _START_S
        while time.monotonic() < end and self._process and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/robots.txt", timeout=5).close()
            except urllib.error.HTTPError:
                return
            except OSError:
                time.sleep(0.05)
            else:
                return
        tail = self.log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"the function did not get ready: {tail}")

    def kill(self) -> None:
        """End it on the spot, whatever it is doing."""
        self._signal(signal.SIGKILL)
        self._await_end()

    def stop(self) -> None:
        """Ask it to end, and see to it that it does."""
        self.ask_to_end()
        try:
            self._await_end()
        except subprocess.TimeoutExpired:
            self.kill()

    def ask_to_end(self) -> None:
        """Ask it to end, which takes it a second or two."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        # gunicorn's workers are its children: the whole group ends.
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _await_end(self) -> None:
        if self._process is not None:
            self._process.wait(_STOP_S)


def deployed(name: str) -> Path:
    """Return the source of one of our functions."""
    return ROOT / "functions" / name / "main.py"


@contextmanager
def running(*processes: FunctionProcess) -> Iterator[None]:
    """Run functions until the context ends."""
    try:
        for process in processes:
            process.spawn()
        for process in processes:
            process.wait()
        yield
    finally:
        for process in processes:
            process.ask_to_end()
        for process in processes:
            process.stop()
