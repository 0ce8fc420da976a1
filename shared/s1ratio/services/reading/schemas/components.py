"""All schemas by name: those of the standards, and ours."""

from s1ratio.services.reading.schemas.jobs import JOB_SCHEMAS
from s1ratio.services.reading.schemas.parts import (
    FREE,
    LINK,
    LINKS,
    TEXT,
    WHOLE,
    Schema,
    by_name,
    ref,
    several,
    whole,
)
from s1ratio.services.reading.schemas.records import RECORD_SCHEMAS

_SUMMARY: dict[str, Schema] = {
    "id": TEXT,
    "version": TEXT,
    "title": TEXT,
    "description": TEXT,
    "metadata": several(whole({"role": TEXT, "title": TEXT})),
    "jobControlOptions": several({"type": "string", "enum": ["dismiss"]}),
    "outputTransmission": several({"type": "string", "enum": ["reference"]}),
    "links": LINKS,
}
_DESCRIPTION = by_name(whole({"title": TEXT, "description": TEXT, "schema": FREE}))
_EXCEPTION: Schema = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": TEXT,
        "title": TEXT,
        "status": WHOLE,
        "detail": TEXT,
        "parameter": TEXT,
    },
    "additionalProperties": True,
}
SCHEMAS: dict[str, Schema] = {
    "landingPage": whole({"title": TEXT, "description": TEXT, "links": LINKS}),
    "confClasses": whole({"conformsTo": several(TEXT)}),
    "openapi": FREE,
    "stac": FREE,
    "link": LINK,
    "exception": _EXCEPTION,
    "processSummary": whole(_SUMMARY),
    "processList": whole({"processes": several(ref("processSummary")), "links": LINKS}),
    "process": whole({**_SUMMARY, "inputs": _DESCRIPTION, "outputs": _DESCRIPTION}),
    **JOB_SCHEMAS,
    **RECORD_SCHEMAS,
}
