"""Profiles: what stands in the file, what is wrong with it, and which one is meant."""

from pathlib import Path

import pytest

from s1ratio.client.profiles import Profile, Profiles, choose_profile, profiles_path
from s1ratio.errors import InvalidSettings
from s1ratio.settings import read_settings

FILE = """
default = "dev"
[profiles.dev]
project = "dev-project"
url = "https://dev.example.com"
[profiles.prod]
project = "prod-project"
deployment = "prod"
url = "https://prod.example.com"
token = "google"
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a user who has a file of profiles."""
    found = {"XDG_CONFIG_HOME": str(tmp_path)}
    path = profiles_path(found)
    path.parent.mkdir()
    path.write_text(FILE)
    return found


def test_who_is_meant_is_said_by_the_first_and_by_it_alone(environment: dict[str, str]) -> None:
    """The order that the page of the client tells; each step takes the first word away."""
    environment |= {
        "S1RATIO_PROFILE": "prod",
        "S1RATIO_URL": "https://other.example.com",
        "S1RATIO_PROJECT": "other-project",
    }
    typed = choose_profile("https://typed.example.com", "dev", environment)
    assert typed == Profile(url="https://typed.example.com")  # and no project of anybody's
    named = choose_profile(None, "dev", environment)
    assert named is not None
    assert (named.project, named.url) == ("dev-project", "https://dev.example.com")
    by_variable = choose_profile(None, None, environment)
    assert by_variable is not None
    assert (by_variable.project, by_variable.deployment) == ("prod-project", "prod")
    del environment["S1RATIO_PROFILE"]
    whole = choose_profile(None, None, environment)
    assert whole == Profile(project="other-project", url="https://other.example.com")
    del environment["S1RATIO_URL"]
    assert choose_profile(None, None, environment) is None  # its store
    del environment["S1RATIO_PROJECT"]
    default = choose_profile(None, None, environment)
    assert default is not None
    assert default.name == "dev"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a = [", "is no TOML"),
        ("[profiles.p]\nurl = 'http://example.com'", "profiles.p.url: must begin with https://"),
        ("[profiles.p]\nurl = 'https://me:pw@example.com'", "must hold no name and no password"),
        ("[profiles.p]\nurl = 'https://[::1'", "profiles.p.url: is no URL"),
        ("[profiles.p]\ntoken = 'magic'", "profiles.p.token: must be one of gcloud, google, none"),
        ("[profiles.p]\nprojekt = 'x'", "profiles.p.projekt: is no field of a profile"),
        ("[profiles.p]\nproject = 3", "profiles.p.project: must be a text"),
        ("default = 'q'\n[profiles.p]", "'q' is no profile of this file"),
        ("profiles = 3", "profiles: must be tables"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "profiles.toml"
    path.write_text(text)
    with pytest.raises(InvalidSettings) as raised:
        Profiles.read(path)
    assert words in str(raised.value)
    assert str(path) in str(raised.value)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path / "nowhere")}
    assert choose_profile(None, None, environment) is None
    with pytest.raises(InvalidSettings, match=r"no profile 'prod' is in .*: there is none"):
        choose_profile(None, "prod", environment)


def test_this_machine_needs_no_token_and_all_others_do() -> None:
    urls = ("http://127.0.0.1:8700", "https://status.example.com")
    assert [Profile(url=url).way_to_token for url in urls] == ["none", "gcloud"]


def test_the_variables_of_the_command_are_no_faults_of_a_deployment() -> None:
    names = ("PROFILE", "URL", "TOKEN", "AUDIENCE", "IMPERSONATE")
    base = {"S1RATIO_PROJECT": "my-project", "S1RATIO_BUCKET": "my-bucket"}
    read_settings({**base, **{f"S1RATIO_{name}": "x" for name in names}})
    with pytest.raises(InvalidSettings):
        read_settings({**base, "S1RATIO_URLS": "x"})
