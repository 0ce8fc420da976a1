"""Why: the chain from an alert, a message, an incident or a watch to what came of it."""

from s1ratio.services.alerts.why import explain
from s1ratio.services.reading.call import Answer, Call, Problem, not_found
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.plain import plain


def show_why(context: ReadingContext, call: Call) -> Answer | Problem:
    """Return the chain of an id."""
    name = call.names["id"]
    chain = explain(context.store, name)
    if not chain:
        return not_found("alert, incident, watch or message", name)
    return Answer({"id": name, "chain": plain(chain), "links": [call.self_link()]})
