"""A wish to end a job: told to whoever fulfils it, and answered with how the job stands."""

from s1ratio.records import RequestState
from s1ratio.services.reading.call import Answer, Call, Problem, link
from s1ratio.services.reading.context import ReadingContext
from s1ratio.services.reading.job import no_job, tell_job
from s1ratio.services.reading.parameters import text

DISMISS_PARAMETERS = (text("reason", "Why, for others to read.", most=400),)


def dismiss_job(context: ReadingContext, call: Call) -> Answer | Problem:
    """Have a request cancelled; it ends at once, or when what was started has been stopped."""
    name = call.names["jobID"]
    if context.dismisser is None:
        return Problem(403, "Not allowed", "here jobs are read, and not dismissed")
    record = context.store.get_request(name)
    if record is None:
        return no_job(name)
    if record.state is RequestState.CANCELLED:
        return Answer(tell_job(context, call, record))
    if record.state.terminal:
        words = f"job {name} has ended: it is {record.state}"
        return Problem(409, "Ended already", words, more={"state": record.state.value})
    reason = call.query.get("reason") or f"dismissed by {call.by or 'somebody'}"
    told = context.dismisser.dismiss(name, call.by, reason, context.clock.now())
    job = tell_job(context, call, context.store.get_request(name) or record)
    if told.command is None:
        return Answer(job)
    job["links"].append(link("monitor", call.url_of("commands", told.command), "The command"))
    return Answer({**job, "command": told.command}, status=202)
