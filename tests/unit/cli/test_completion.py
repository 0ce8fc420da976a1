"""Completion, asked in the shells that are there."""

import shutil
import subprocess

import pytest

from s1ratio.cli.main import COMMANDS, main

_ASK = """
COMP_WORDS=({words}); COMP_CWORD={last}; _s1ratio; printf '%s\\n' "${{COMPREPLY[@]}}"
"""


def _script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["s1ratio", "sta"], {"status"}),
        (["s1ratio", "regions", "pa"], {"pause"}),
        (["s1ratio", "regions", "pause", "alps", "--w"], {"--why"}),
        (["s1ratio", "list", "--since", "7d", "--ru"], {"--rule"}),
        (["s1ratio", "wait", "my-request", "--ti"], {"--timeout"}),
        (["s1ratio", "nonsense"], set()),
    ],
)
@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes(
    typed: list[str], offered: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    ask = _ASK.format(words=" ".join(f"'{word}'" for word in typed), last=len(typed) - 1)
    done = subprocess.run(
        ["bash", "--norc", "-c", _script("bash", capsys) + ask],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert done.stderr == ""
    assert set(done.stdout.split()) == offered


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_can_read_it(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    script = _script(shell, capsys)
    assert all(name in script for name in COMMANDS)
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    subprocess.run([shell, "-n"], input=script, text=True, timeout=30, check=True)
