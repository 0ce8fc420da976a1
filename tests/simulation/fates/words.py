"""In which words operations fail, as Earth Engine and its users know them, by what is due then."""

# By error class, as `earth_engine_errors.py` tells them apart; the classes `memory` and `empty` are
# told apart here, since something else is due.
WORDS: dict[str, tuple[str, ...]] = {
    "transient": (
        "Internal error.",
        "An internal error has occurred (request 3b8ad4cb)",
        "Earth Engine capacity exceeded.",
        "Earth Engine memory capacity exceeded.",
        "Too many concurrent aggregations.",
        "The service is currently unavailable.",
        "Deadline exceeded.",
    ),
    "refused": ("User Rate Limit Exceeded",),
    "quota": ("Your usage exceeded the custom quota for this project.",),
    "resources": (
        "User memory limit exceeded.",
        "Computation timed out.",
        "Computed value is too large.",
        "Collection query aborted after accumulating over 5000 elements.",
    ),
    "memory": ("Execution failed; out of memory.",),
    "too_big": (
        "Export too large: specified 20000000000 pixels (max: 10000000000).",
        "Reprojection output too large (11183x12046 pixels).",
    ),
    "terminal": (
        "Image.select: Pattern 'VV' did not match any bands.",
        "Collection.first: Error in map(ID=0): Image.log10: Parameter 'value' is required.",
        "Permission 'earthengine.assets.get' denied on resource 'COPERNICUS/S1_GRD'.",
    ),
    "empty": (
        "No valid (un-masked) pixels in export region.",
        "Error: Export region contains no valid (un-masked) pixels.",
    ),
}
_KINDS = {words: kind for kind, phrases in WORDS.items() for words in phrases}

# What a search for passes is told that is too much, or comes at a bad time.
TOO_MUCH_TO_SEARCH = (
    ("Computation timed out.", 400),
    ("User memory limit exceeded.", 400),
    ("Earth Engine capacity exceeded.", 429),
    ("Collection query aborted after accumulating over 5000 elements.", 400),
)
# What starts and other calls are told by whom they may not come.
REFUSALS = (
    ("Request had invalid authentication credentials. Expected OAuth 2 access token.", 401),
    ("Permission 'earthengine.exports.create' denied on resource 'projects/p'.", 403),
    ("Caller does not have required permission to use project p.", 403),
    ("User Rate Limit Exceeded", 403),
    ("The operation was aborted.", 409),
    ("ABORTED", 409),
)
# What a POST may be told whose id was used, in place of that.
IN_PLACE_OF_USED = (
    ("Requested entity already exists", 409),
    ("Image.select: Pattern 'VV' did not match any bands.", 400),
    ("Export too large: specified 20000000000 pixels.", 400),
    ("User memory limit exceeded.", 400),
)


def kind_of(words: str | None) -> str | None:
    """Return what kind of failure an operation's words tell of, None if it did not fail."""
    return _KINDS[words] if words is not None else None
