"""What is missing is an extra's business only where the extra would bring it."""

import pytest

from s1ratio.cli.faults import BAD_INPUT, print_missing


def test_a_missing_package_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    error = ModuleNotFoundError("No module named 'rich'", name="rich")
    assert print_missing(error, "validate", "cli") == BAD_INPUT
    words = "s1ratio: validate needs rich, which is not installed: pip install 's1ratio[cli]'\n"
    assert capsys.readouterr().err == words


@pytest.mark.parametrize(("name", "extras"), [("s1ratio.gone", "cli"), ("shapely", "")])
def test_what_no_extra_brings_is_a_fault_of_ours(name: str, extras: str) -> None:
    with pytest.raises(ModuleNotFoundError):
        print_missing(ModuleNotFoundError("gone", name=name), "schema", extras)
