"""infra/README.md: its generated tables are current, and what it names is there."""

import re

from infra.tools import write_readme
from tests.infra.grants import README
from tests.support.terraform import ROOT

TEXT = README.read_text(encoding="utf-8")


def test_the_tables_of_inputs_and_outputs_are_current() -> None:
    assert write_readme.text(TEXT) == TEXT, "the .tf files changed: make infra-readme"


def test_every_input_and_output_says_what_it_is() -> None:
    rows = (write_readme.inputs() + "\n" + write_readme.outputs()).splitlines()[2:]
    assert len(rows) > 40
    assert [row for row in rows if row.endswith("|  |")] == []


def test_variables_and_outputs_are_in_order() -> None:
    for name in ("variables", "outputs"):
        source = (ROOT / "infra" / f"{name}.tf").read_text(encoding="utf-8")
        names = re.findall(r'^(?:variable|output) "(\w+)"', source, re.MULTILINE)
        assert names == sorted(names)


def test_commands_name_outputs_that_there_are() -> None:
    outputs = {name for name, _ in write_readme._blocks("outputs.tf")}
    assert set(re.findall(r"terraform output -raw (\w+)", TEXT)) <= outputs
