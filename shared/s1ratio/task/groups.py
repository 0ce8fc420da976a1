"""What a task consists of beside its plan and state, grouped by who writes it.

| group | who writes it |
|---|---|
| `place` | who plans a task, deals its turn, or puts it off |
| `claim` | who starts it |
| `run` | what Earth Engine says of its operation; a retry begins the next one |
| `trouble` | who met an error |
| `result` | who verified its files, or shares another one's |
| `pixels` | who plans it, and who lets it wait for another task's export |
| `family` | who splits it |
| `origin` | who plans it, and who POSTs its start (`origin.py`) |
| `end` | who wants it to end, and the commit that ends it |
| `catalogue` | the commit that ends it, and who writes its item (`catalogue.py`) |

In the store the fields of all groups lie side by side: no name may stand in two of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import fsum

from s1ratio.errors import ErrorClass


@dataclass(frozen=True)
class Place:
    """A task's place in line: by `priority`, high first, then by `turn`.

    `not_before` holds a planned task back, whatever the reason; a SUCCEEDED or LOST task waits
    until then for a look at its files. `turn` is dealt so that requests take turns; it is 0 for
    what goes before them, and negative until the task may start at all. `at_least` is the priority
    of who waits for the task's pixels: whatever its request has, it is planned with no lower one.
    """

    priority: int
    not_before: datetime
    turn: int = 0
    at_least: int | None = None

    def until(self, not_before: datetime) -> "Place":
        """Return the place of a task that is put off."""
        return replace(self, not_before=not_before)

    def lowest(self, priority: int) -> int:
        """Return the priority to plan with, where the request has this one."""
        return max(priority, self.at_least or 0)


@dataclass(frozen=True)
class Claim:
    """The claim on a start: `owner` has it until `lease_until`, then anybody may take it over.

    `starting_at` is since when the attempt may have an operation: by the clock of whoever claimed
    it, and by Earth Engine's once there is one, or its files; planned once more, it keeps that of
    the last one, for the day's count. `start_number` counts the Earth Engine request ids taken
    within an attempt, `ee_request_id` is the last; `id_used_at` is when it was refused as used,
    `refused_at` when it was refused otherwise: of a planned task the last start, else a POST after
    one whose fate is unknown. `missed_at` is when Earth Engine first told a list without the
    operation that had to be in it by then. These three are times of Earth Engine's clock.
    `refusals` counts how often an attempt was refused while others' starts were not. `identity` is
    the store's, as in the names of the attempt's operation; None if an earlier version claimed it.
    `has_twin` once a list has shown another store's operation that writes the same files: they are
    not taken for the attempt's own.
    """

    owner: str | None = None
    lease_until: datetime | None = None
    starting_at: datetime | None = None
    ee_request_id: str | None = None
    start_number: int = 1
    id_used_at: datetime | None = None
    refused_at: datetime | None = None
    missed_at: datetime | None = None
    refusals: int = 0
    identity: str | None = None
    has_twin: bool = False

    @property
    def awaits_list(self) -> datetime | None:
        """When a POST was refused after which only the list can tell what became of the start."""
        return self.refused_at or self.id_used_at

    def released(self) -> "Claim":
        """Return what is left of a claim that nobody holds any more."""
        return replace(
            self, owner=None, lease_until=None, id_used_at=None, refused_at=None, missed_at=None
        )

    def of_next_attempt(self) -> "Claim":
        """Return it released for an attempt that counts its request ids from 1."""
        return replace(self.released(), start_number=1, refusals=0, has_twin=False)


@dataclass(frozen=True)
class Run:
    """An attempt, and what Earth Engine says of its operation.

    `attempt` numbers the starts that may have had an operation, from 1; `retries` counts the
    failures among them that are held against the task. `progress` goes from 0 to 1, and
    `succeeded_at` is when Earth Engine says the operation did.
    `eecu_seconds` were spent on all attempts, `eecu_earlier` on those before this one.
    """

    attempt: int = 1
    retries: int = 0
    operation: str | None = None
    progress: float = 0.0
    eecu_seconds: float | None = None
    eecu_earlier: float = 0.0
    succeeded_at: datetime | None = None

    def following(self, retries: int) -> "Run":
        """Return the next attempt, which has no operation yet."""
        spent = self.eecu_seconds
        return Run(self.attempt + 1, retries, eecu_seconds=spent, eecu_earlier=spent or 0.0)


@dataclass(frozen=True)
class Trouble:
    """What went wrong last: the error's class and its words.

    `tries` counts what went wrong since the task came into its state: starts that broke,
    verifications that came to no end.
    """

    error_class: str | None = None
    error: str | None = None
    tries: int = 0

    def because(self, error_class: str | None, error: str | None) -> "Trouble":
        """Return it with another error, which is not counted."""
        return replace(self, error_class=error_class, error=error)

    def counted(self, error_class: ErrorClass, error: str) -> "Trouble":
        """Return it with another error, counted as one more try."""
        return Trouble(error_class, error, self.tries + 1)

    def cleared(self) -> "Trouble":
        """Return it without an error; the tries stay counted."""
        return self.because(None, None)


@dataclass(frozen=True)
class Result:
    """What came out: the names of the files, and notes on them.

    `verified` is False where nobody can check. `same_as` is the task that exported the files, if
    it was another one. Of the `area_px` pixels of the area that lie in the task's grid
    `valid_share` have data in the first band, `two_pass_share` those of two passes or more, and
    `counted_share` were looked at one by one: below 1 the others are estimates. None is what
    nobody could see, or does not count; all are where an earlier version verified.
    """

    verified: bool | None = None
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    same_as: str | None = None
    area_px: float | None = None
    valid_share: float | None = None
    two_pass_share: float | None = None
    counted_share: float | None = None

    def sharing(self, parts: Sequence["Result"]) -> "Result":
        """Return it with the shares of the area in all parts together, as far as they are known."""
        known = [part.area_px for part in parts if part.area_px is not None]
        return replace(
            self,
            area_px=fsum(known) if len(known) == len(parts) else None,
            valid_share=_joint([(part.area_px, part.valid_share) for part in parts]),
            two_pass_share=_joint([(part.area_px, part.two_pass_share) for part in parts]),
            counted_share=_joint([(part.area_px, part.counted_share) for part in parts]),
        )

    def without_findings(self) -> "Result":
        """Return the files alone, without what was found of them: parts are exported anew."""
        return Result(files=self.files, same_as=self.same_as)


def _joint(parts: Sequence[tuple[float | None, float | None]]) -> float | None:
    """Return a share of all parts, of each its pixels and share; None where one does not tell.

    A part without a pixel of the area has nothing to tell.
    """
    some = [(pixels, share) for pixels, share in parts if pixels != 0]
    known = [(n, share) for n, share in some if n is not None and share is not None]
    if len(known) < len(some) or not known:
        return None
    return round(fsum(n * share for n, share in known) / fsum(n for n, _ in known), 6)


@dataclass(frozen=True)
class Pixels:
    """Which pixels: tasks with the same `digest` have the same.

    `waits_for` is the task that is exporting them. `work` is the kind of work they are, the same
    word for tasks that cost alike, of about so many `passes`: None where an earlier version
    planned.
    """

    digest: str | None = None
    waits_for: str | None = None
    work: str | None = None
    passes: float | None = None

    def unawaited(self) -> "Pixels":
        """Return them as waited for no more."""
        return replace(self, waits_for=None)


@dataclass(frozen=True)
class Family:
    """What was split: `parent` is whose part a task is, `depth` how often that was split.

    `parts` is into how many children it was split itself.
    """

    parent: str | None = None
    depth: int = 0
    parts: int = 0


@dataclass(frozen=True)
class End:
    """The end: `cancelling` says why it is wanted, `ended_at` when it came.

    The task is deleted at `expire_at`.
    """

    cancelling: str | None = None
    ended_at: datetime | None = None
    expire_at: datetime | None = None
