"""Advice: what an operator does about the first errors of a new machine or account."""

import os

_LOGIN = "sign in: gcloud auth application-default login"
_RIGHTS = (
    "your account needs roles/datastore.user there, and for redrive and smoke roles/pubsub.editor"
)
_PROJECT = "look at S1RATIO_PROJECT, S1RATIO_DATABASE and S1RATIO_DEPLOYMENT"
_KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS"
_OF_A_KEY = (
    "was not found",
    "not a valid json file",
    "not have a valid type",
    "could not be loaded",
    "no key could be detected",
    "could not deserialize key",
)
_REGISTER = "register the project at https://console.cloud.google.com/earth-engine"
_EMULATORS = ("FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST")
_NO_ANSWER = (
    "failed to connect",
    "connection refused",
    "deadline exceeded",
    "name resolution",
    "timeout of",
)
# Words in what Google's clients say, in small letters, and what to do about it.
_ADVICE = (
    (("default credentials were not found",), _LOGIN),
    (("reauthentication is needed", "invalid_grant", "could not be refreshed"), _LOGIN),
    (("could not automatically determine credentials",), _LOGIN),
    (("not registered to use earth engine", "not signed up for earth engine"), _REGISTER),
    (("has not been used in project", "service_disabled", "does not exist for project"), _PROJECT),
    (("missing or insufficient permissions", "permission_denied", "not authorized"), _RIGHTS),
)


def advise(words: str) -> str | None:
    """Return what to do about an error of these words, None where they say it or nobody knows."""
    lower = words.lower()
    if any(each in lower for each in _OF_A_KEY) and os.environ.get(_KEY_FILE):
        return f"{_KEY_FILE} names a file that holds no credentials: put it right, or unset it"
    if any(each in lower for each in _NO_ANSWER) and (emulator := _emulator(lower)):
        return f"{emulator} is set: start the emulator there, or unset it"
    return next((do for said, do in _ADVICE if any(each in lower for each in said)), None)


def _emulator(lower: str) -> str | None:
    """Return the variable of the emulator that words in small letters may be of, if it is set."""
    found = [name for name in _EMULATORS if os.environ.get(name)]
    meant = [name for name in found if name.partition("_")[0].lower() in lower.replace("/", "")]
    return next(iter(meant or found), None)
