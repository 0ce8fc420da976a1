"""What is missing is an extra's business only where the extra would bring it."""

from importlib import import_module
from importlib.metadata import distribution

import pytest

from local_earthengine import missing_extra
from s1ratio.cli.faults import _DISTRIBUTIONS, BAD_INPUT, print_missing


def test_a_missing_package_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    error = ModuleNotFoundError("No module named 'rich'", name="rich")
    assert print_missing(error, "validate", "cli") == BAD_INPUT
    words = "s1ratio: validate needs rich, which is not installed: pip install 's1ratio[cli]'\n"
    assert capsys.readouterr().err == words


@pytest.mark.parametrize("module", _DISTRIBUTIONS)
def test_a_module_of_another_name_is_told_by_its_distribution(
    module: str, capsys: pytest.CaptureFixture[str]
) -> None:
    error = ModuleNotFoundError("gone", name=module)
    print_missing(error, "run", "local")
    told = capsys.readouterr().err.split()[3].rstrip(",")
    files = {str(file.locate()) for file in distribution(told).files or ()}
    assert import_module(module).__file__ in files
    if module in missing_extra._DISTRIBUTIONS:
        assert f" needs {told}, " in missing_extra.what_is_missing(error)


@pytest.mark.parametrize(("name", "extras"), [("s1ratio.gone", "cli"), ("shapely", "")])
def test_what_no_extra_brings_is_a_fault_of_ours(name: str, extras: str) -> None:
    with pytest.raises(ModuleNotFoundError):
        print_missing(ModuleNotFoundError("gone", name=name), "schema", extras)
