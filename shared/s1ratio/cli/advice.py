"""Advice: what an operator does about the first errors of a new machine or account."""

import os

_LOGIN = "sign in: gcloud auth application-default login"
_RIGHTS = (
    "your account needs roles/datastore.user there, and for redrive and smoke roles/pubsub.editor"
)
_PROJECT = "look at S1RATIO_PROJECT, S1RATIO_DATABASE and S1RATIO_DEPLOYMENT"
_EMULATOR = "FIRESTORE_EMULATOR_HOST is set: start the emulator there, or unset it"
# Words in what Google's clients say, in small letters, and what to do about it.
_ADVICE = (
    (("default credentials were not found",), _LOGIN),
    (("reauthentication is needed", "invalid_grant", "could not be refreshed"), _LOGIN),
    (("could not automatically determine credentials",), _LOGIN),
    (("has not been used in project", "service_disabled", "does not exist for project"), _PROJECT),
    (("missing or insufficient permissions", "permission_denied", "not authorized"), _RIGHTS),
)


def advise(words: str) -> str | None:
    """Return what to do about an error of these words, None where they say it or nobody knows."""
    lower = words.lower()
    if "failed to connect" in lower and os.environ.get("FIRESTORE_EMULATOR_HOST"):
        return _EMULATOR
    return next((do for said, do in _ADVICE if any(each in lower for each in said)), None)
