"""The emulators as the journeys use them: a project of its own for each test."""

import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.support.emulated_cloud import Hosts
from tests.support.sample import SEED


@pytest.fixture
def hosts(hosts_of_module: Hosts, project: str) -> Hosts:
    """Return where the emulators are; Google's clients of this process are told as well."""
    return replace(hosts_of_module, project=project)


@pytest.fixture(scope="module")
def hosts_of_module(pubsub_emulator: str, firestore_emulator: str) -> Iterator[Hosts]:
    """Return the same with one project for all tests of a module."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PUBSUB_EMULATOR_HOST", pubsub_emulator)
        environment.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator)
        yield Hosts(f"test-{uuid4().hex[:12]}", pubsub_emulator, firestore_emulator)


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
