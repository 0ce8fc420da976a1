"""What a process that serves a port has used: the peak of its memory, its CPU time."""

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


class Usage:
    """The processes whose command line names a port: a function's server and its workers."""

    def __init__(self, url: str) -> None:
        wanted = f"--port={url.rpartition(':')[2]}".encode()
        self._processes = [
            folder
            for folder in Path("/proc").iterdir()
            if folder.name.isdigit() and wanted in _arguments(folder)
        ]
        assert len(self._processes) >= 2, "a server and a worker"

    def forget_peak(self) -> float:
        """Let the peak begin at what the largest of them has now; return that, in MB."""
        for folder in self._processes:
            (folder / "clear_refs").write_text("5")
        return self.peak_mb()

    def peak_mb(self) -> float:
        """Return the largest resident set that any of them had since then, in MB."""
        lines = [
            line
            for folder in self._processes
            for line in (folder / "status").read_text().splitlines()
            if line.startswith("VmHWM")
        ]
        return max(int(line.split()[1]) for line in lines) * 1024 / 1e6

    def cpu_s(self) -> float:
        """Return the CPU time of all of them so far, in seconds."""
        ticks = 0
        for folder in self._processes:
            after_name = (folder / "stat").read_text().rpartition(")")[2].split()
            ticks += int(after_name[11]) + int(after_name[12])
        return ticks / _TICKS


def _arguments(folder: Path) -> list[bytes]:
    try:
        return (folder / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
