"""The emulators as the journeys use them: a project of its own for each test."""

import os
import secrets

import pytest

from tests.support.cloud import Hosts
from tests.support.sample import SEED


@pytest.fixture
def hosts(
    pubsub_emulator: str,
    firestore_emulator: str,
    project: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Hosts:
    """Return where the emulators are; Google's clients of this process are told as well."""
    monkeypatch.setenv("PUBSUB_EMULATOR_HOST", pubsub_emulator)
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
    return Hosts(project, pubsub_emulator, firestore_emulator)


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Return what a journey's chances follow from; S1RATIO_TEST_SEED sets it, to replay one.

    Another one each time where there is time for it, else always the same.
    """
    named = os.environ.get("S1RATIO_TEST_SEED")
    soaking = request.node.get_closest_marker("soak") is not None
    chosen = int(named) if named else secrets.randbelow(10**6) if soaking else SEED
    print(f"replay with S1RATIO_TEST_SEED={chosen}")  # noqa: T201 - shown where the test fails
    return chosen
