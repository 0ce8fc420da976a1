"""The wheel, bare and with each extra: what works, and what is said where something is missing.

Each environment costs seconds: fast are the bare one and the one with everything.
"""

import json
import zipfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from s1ratio.software import describe_software
from tests.conventions.source import FUNCTIONS, LOCAL_EARTHENGINE, PACKAGE
from tests.support.installed_wheel import Installed, build_wheel

PLUGIN = "local_earthengine.pytest_plugin"
MESSAGE = {
    "request_id": "x",
    "aoi": {"bbox": [13, 52, 13.004, 52.004]},
    "start": "2024-01-01",
    "end": "2024-01-20",
}
DEPLOYMENT = {"S1RATIO_PROJECT": "local-project", "S1RATIO_BUCKET": "local-bucket"}
Extras = Callable[..., Installed]
long = partial(pytest.param, marks=pytest.mark.soak)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Extras:
    """Gives an environment of an extra, and of what else is named; one for each."""
    folder = tmp_path_factory.mktemp("installed")
    return cache(
        lambda extra, *others: Installed(folder / (extra or "bare"), wheel, extra, *others)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with message.json in it."""
    (tmp_path / "message.json").write_text(json.dumps(MESSAGE), encoding="utf-8")
    return tmp_path


def test_it_holds_each_module_of_both_packages_and_each_function(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        found = {name for name in opened.namelist() if name.endswith(".py")}
    shared = PACKAGE.parent
    paths = [*PACKAGE.rglob("*.py"), *LOCAL_EARTHENGINE.rglob("*.py")]
    functions = {f"s1ratio/embedded/functions/{path.parent.name}/main.py" for path in FUNCTIONS}
    assert found == {path.relative_to(shared).as_posix() for path in paths} | functions


def test_it_holds_the_feeds_and_rules_that_come_along(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        found = {name for name in opened.namelist() if name.startswith("s1ratio/alerts/")}
    alerts = (PACKAGE / "alerts").rglob("*.json")
    data = {path.relative_to(PACKAGE.parent).as_posix() for path in alerts}
    assert len(data) > 10
    assert data <= found


@pytest.mark.parametrize("extra", ["", pytest.param("cli", marks=pytest.mark.soak)])
def test_what_needs_nothing_works_with_nothing(installed: Extras, folder: Path, extra: str) -> None:
    where = installed(extra)
    told = where.run(folder, "s1ratio", "--version")
    assert (told.returncode, told.stdout) == (0, f"s1ratio {describe_software()}\n"), told.stderr
    helped = where.run(folder, "s1ratio", "--help")
    assert helped.returncode == 0
    assert "serve a local Earth Engine" in helped.stdout
    schema = where.run(folder, "s1ratio", "schema")
    assert "aoi" in json.loads(schema.stdout)["properties"]


_PUBLISH = """
import sys
from s1ratio.client import Client, InvalidRequest, PubSubUnavailable

message = {"aoi": {"bbox": [15.1, 48, 15.2, 48.1]}, "start": "2023-05-01", "end": "2023-06-01"}
client = Client("my-project", deadline_s=0.2, sleep=lambda _: None)
assert client.validate(message).request_id.startswith("r-")
assert client.dry_run(message).document()["per_orbit"]["tasks"] == 1
try:
    client.publish(message)
except PubSubUnavailable as error:
    print("asked")
heavy = {"ee", "rasterio", "google.cloud.firestore", "google.cloud.storage", "rich"}
print(sorted(heavy & set(sys.modules)))
"""


@pytest.mark.soak
def test_the_client_needs_its_extra_and_nothing_else(installed: Extras, folder: Path) -> None:
    where = installed("client")
    told = where.run(folder, "python", "-c", _PUBLISH, PUBSUB_EMULATOR_HOST="127.0.0.1:9")
    assert (told.returncode, told.stdout.splitlines()) == (0, ["asked", "[]"]), told.stderr
    area = ["15.1,48,15.2,48.1", "--start", "2023-05-01", "--end", "2023-06-01", "--json"]
    shown = where.run(folder, "s1ratio", "publish", *area, "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["per_orbit"]["tasks"] == 1


def test_the_bare_client_looks_before_it_sends(installed: Extras, folder: Path) -> None:
    words = "from s1ratio.client import Client; print(Client('my-project').topic)"
    told = installed("").run(folder, "python", "-c", words)
    assert told.stdout == "projects/my-project/topics/s1r-dev-requests\n", told.stderr


@pytest.mark.soak
def test_validate_works_with_cli(installed: Extras, folder: Path) -> None:
    done = installed("cli").run(folder, "s1ratio", "validate", "message.json")
    assert done.returncode == 0, done.stderr
    assert "request x" in done.stdout


@pytest.mark.parametrize(
    ("extra", "arguments", "missing"),
    [
        ("", ["validate", "message.json"], "cli"),
        ("", ["run", "message.json"], "local"),
        long(
            "client",
            ["publish", ".", "--start", "2023-05-01", "--end", "2023-06-01"],
            "client,files",
        ),
        long(
            "", ["publish", "1,2,3", "--start", "2023-05-01", "--end", "2023-06-01"], "cli,client"
        ),
        long("cli", ["status", "x"], "cli,cloud"),
        long("cli", ["earthengine", "--port", "0"], "earthengine"),
        long("cli", ["smoke"], "cloud"),
        long("cloud", ["cancel", "x"], "cli,cloud"),
        long("cloud", ["run", "message.json"], "local"),
        long("earthengine", ["validate", "message.json"], "cli"),
        long("earthengine", ["status", "x", "--json"], "cli,cloud"),
        long("earthengine", ["redrive"], "cloud"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_what_an_extra_lacks_is_said_in_one_line_that_names_the_extra(
    installed: Extras, folder: Path, extra: str, arguments: list[str], missing: str
) -> None:
    where = installed(extra, "pytest") if extra == "earthengine" else installed(extra)
    done = where.run(folder, "s1ratio", *arguments, **DEPLOYMENT)
    assert done.returncode == 2, done.stderr
    line = done.stderr.splitlines()[-1]  # a slow machine is told before what the command is at
    assert line.startswith("s1ratio: ")
    assert line.endswith(f": pip install 's1ratio[{missing}]'")


@pytest.mark.soak
def test_cloud_runs_the_functions_and_asks_the_store(installed: Extras, folder: Path) -> None:
    where = installed("cloud")
    for main in (where.site / "s1ratio" / "embedded" / "functions").glob("*/main.py"):
        done = where.run(folder, "python", "-I", main)
        assert done.returncode == 0, done.stderr
    settings = DEPLOYMENT | {"S1RATIO_STORE": f"sqlite:{folder / 'store.sqlite'}"}
    done = where.run(folder, "s1ratio", "status", "x", "--json", **settings)
    # Who only looks makes no store.
    assert done.returncode == 1
    line = done.stderr.splitlines()[-1]
    assert line.startswith(
        f"s1ratio: the store can't be used: {folder / 'store.sqlite'}: it is not there"
    )
    assert not (folder / "store.sqlite").exists()


@pytest.mark.soak
def test_earthengine_serves_the_plugin(installed: Extras, folder: Path) -> None:
    (folder / "test_it.py").write_text(
        "def test_it(earth_engine):\n    assert earth_engine.Number(3).add(4).getInfo() == 7\n",
        encoding="utf-8",
    )
    where = installed("earthengine", "pytest")
    done = where.run(folder, "python", "-m", "pytest", "-q", "-p", PLUGIN)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.soak
@pytest.mark.parametrize("program", ["local-earthengine", "s1ratio earthengine"])
def test_earthengine_brings_its_command_under_both_names(
    installed: Extras, folder: Path, program: str
) -> None:
    """It serves: an address where nobody may listen is the last thing that it can stumble over."""
    where = installed("earthengine", "pytest")
    done = where.run(folder, *program.split(), "--host", "203.0.113.1")
    assert done.returncode == 2
    assert done.stderr.startswith("no Earth Engine at 203.0.113.1:8800 over out: ")


def test_the_command_of_its_own_names_the_extra_in_one_line(
    installed: Extras, folder: Path
) -> None:
    done = installed("").run(folder, "local-earthengine")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("local-earthengine: the local Earth Engine needs ")
    assert line.endswith(": pip install 's1ratio[earthengine]'")


@pytest.mark.soak
def test_the_plugin_without_its_extra_names_it_in_one_line(
    wheel: Path, tmp_path: Path, folder: Path
) -> None:
    where = Installed(tmp_path / "bare", wheel, "", "pytest")
    done = where.run(folder, "python", "-m", "pytest", "-p", PLUGIN)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    (line,) = (done.stdout + done.stderr).strip().splitlines()
    assert line.startswith("ERROR: the local Earth Engine needs ")
    assert line.endswith(": pip install 's1ratio[earthengine]'")


def test_local_runs_a_message_from_beginning_to_end(installed: Extras, folder: Path) -> None:
    done = installed("local").run(folder, "s1ratio", "run", "message.json", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "VERIFIED"
    assert list((folder / "out").rglob("*.png"))
