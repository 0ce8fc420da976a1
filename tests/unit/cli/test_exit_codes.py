"""The table of exit statuses: what the page says is what the code has."""

import re

from s1ratio.cli.exit_codes import MEANINGS, OF_OUTCOME, ExitCode
from s1ratio.cli.faults import BAD_INPUT, FAILED, INTERRUPTED
from s1ratio.client import Outcome
from tests.conventions.source import PACKAGE

_ROW = re.compile(r"^\| (\d+) \| (.+) \|$", re.MULTILINE)


def test_the_page_has_the_table_of_the_code() -> None:
    page = (PACKAGE / "cli" / "README.md").read_text(encoding="utf-8")
    told = {int(number): words for number, words in _ROW.findall(page)}
    assert told == {int(code): words for code, words in MEANINGS.items()}


def test_every_outcome_has_its_own_status() -> None:
    assert set(OF_OUTCOME) == set(Outcome)
    assert len(set(OF_OUTCOME.values())) == len(Outcome)
    assert (ExitCode.FAILED, ExitCode.BAD_INPUT, ExitCode.INTERRUPTED) == (
        FAILED,
        BAD_INPUT,
        INTERRUPTED,
    )
