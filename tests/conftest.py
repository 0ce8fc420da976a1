"""Fixtures for every test: the emulators, one of each a run, a project of its own for a test."""

import gc
import logging
import os
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.support import emulators
from tests.support.shared import once_a_run
from tests.support.thinned import mark_long_cases
from tests.support.work_units import WorkUnits, longest_first


@pytest.fixture(scope="session")
def firestore_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the Firestore emulator; its `host:port`. Mark such tests `emulators`."""
    with once_a_run(tmp_path_factory, "firestore", emulators.firestore) as host:
        yield host


@pytest.fixture(scope="session")
def pubsub_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run the Pub/Sub emulator; its `host:port`. Mark such tests `emulators`."""
    with once_a_run(tmp_path_factory, "pubsub", emulators.pubsub) as host:
        yield host


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """Take away the log handlers that a test left: its functions would go on writing to stdout."""
    everybody, product = logging.getLogger(), logging.getLogger("s1ratio")
    before, level = list(everybody.handlers), product.level
    yield
    for handler in [handler for handler in everybody.handlers if handler not in before]:
        everybody.removeHandler(handler)
    product.setLevel(level)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while modules and cases, which stay, are loaded; nor in them later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave most rows of the longest tables to `make soak`; before it is asked which are wanted."""
    mark_long_cases(items)
    if "PYTEST_XDIST_WORKER" in os.environ:
        items[:] = longest_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WorkUnits | None:
    """Let `--dist loadfile` keep rooms together too."""
    return WorkUnits(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests recorded with `record_property("figures", …)`."""
    for report in terminalreporter.getreports("passed"):
        for name, text in report.user_properties:
            if name == "figures":
                terminalreporter.write_line(str(text))


@pytest.fixture
def project() -> str:
    """Return a project id that no other test has: the emulators keep projects apart."""
    return f"test-{uuid4().hex[:12]}"
