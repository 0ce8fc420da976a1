"""Exit statuses of the command, in one table: what a script may rely on."""

from enum import IntEnum

from s1ratio.client.jobs import Outcome


class ExitCode(IntEnum):
    """What the command ends with."""

    DONE = 0
    FAILED = 1
    BAD_INPUT = 2
    NOT_OVER = 3
    TIMED_OUT = 4
    INTERRUPTED = 130


# The page of the client has the same table, and a test holds it against this.
MEANINGS = {
    ExitCode.DONE: "done; of what is waited for: all of it is VERIFIED",
    ExitCode.FAILED: "failed, unknown, or it can't be asked; of what is waited for: FAILED, "
    "PARTIAL, CANCELLED, or nothing but EMPTY",
    ExitCode.BAD_INPUT: "bad input, nothing was done; of what is waited for: refused",
    ExitCode.NOT_OVER: "its period is not over yet: nothing will become of it for days",
    ExitCode.TIMED_OUT: "it had not ended when the time to wait was over",
    ExitCode.INTERRUPTED: "interrupted from the keyboard",
}
OF_OUTCOME = {
    Outcome.VERIFIED: ExitCode.DONE,
    Outcome.FAILED: ExitCode.FAILED,
    Outcome.REFUSED: ExitCode.BAD_INPUT,
    Outcome.NOT_OVER: ExitCode.NOT_OVER,
    Outcome.TIMED_OUT: ExitCode.TIMED_OUT,
}
