"""The zip of apply_commands alone, from the plan: a command is applied, without Earth Engine."""

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from s1ratio.commands.records import CommandState
from tests.infra.test_bundle import due_region, hosts, open_zipped, post, told

pytestmark = pytest.mark.emulators
__all__ = ["hosts"]  # a fixture

PAUSE = {"id": "mine-1", "command": "pause", "target": {"region": "zipped"}, "by": "anna"}


def test_the_zip_of_commands_alone_pauses_a_region(
    tmp_path: Path,
    hosts: tuple[str, str],
    project: str,
    record_property: Callable[[str, object], None],
) -> None:
    with open_zipped(tmp_path, hosts, project, "apply_commands") as (cloud, store, _):
        store.commit_regions([due_region()])
        data = base64.b64encode(json.dumps(PAUSE).encode()).decode()
        body = {"message": {"data": data, "messageId": "17"}}
        with cloud.running("apply_commands") as (function, told_figures):
            for _ in range(2):
                assert post(f"{function.url}/{project}", body)[0] == 200
            record_property("figures", told_figures())
            assert not cloud.python.knows("ee")
        region, command = store.get_region("zipped"), store.get_command("mine-1")
        assert region is not None
        assert command is not None
        assert (region.state.value, region.commands) == ("PAUSED", ("mine-1",))
        assert command.state is CommandState.APPLIED
        assert told(function, "command.applied")["target"] == "region zipped"
