"""What a test does where something it needs is missing: skip, or fail if all is required."""

import os

import pytest


def require(condition: object, reason: str) -> None:
    """Skip the test with `reason` unless `condition`; fail it where S1RATIO_REQUIRE_ALL is 1."""
    if condition:
        return
    if os.environ.get("S1RATIO_REQUIRE_ALL") == "1":
        pytest.fail(f"required by S1RATIO_REQUIRE_ALL: {reason}", pytrace=False)
    pytest.skip(reason)
