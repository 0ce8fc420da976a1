"""Kinds: the types of events. What each says of its record is in `data`."""

from enum import StrEnum


class EventKind(StrEnum):
    """The type of a CloudEvent: the record, and what became of it."""

    REQUEST_ACCEPTED = "s1ratio.request.accepted"  # all its tasks exist
    REQUEST_REJECTED = "s1ratio.request.rejected"  # the message, or what it was found to ask for
    REQUEST_ENDED = "s1ratio.request.ended"
    TASK_SUBMITTED = "s1ratio.task.submitted"  # Earth Engine took its export
    TASK_RUNNING = "s1ratio.task.running"
    TASK_ENDED = "s1ratio.task.ended"
    REGION_CHANGED = "s1ratio.region.changed"
    INCIDENT_CHANGED = "s1ratio.incident.changed"
    WATCH_ARRIVED = "s1ratio.watch.arrived"  # scenes of a pass are there
    WATCH_DELIVERED = "s1ratio.watch.delivered"  # its composites are VERIFIED
    WATCH_MISSED = "s1ratio.watch.missed"
    COMMAND_APPLIED = "s1ratio.command.applied"
    COMMAND_REFUSED = "s1ratio.command.refused"  # or it came too late

    @property
    def record(self) -> str:
        """What it is of: `request`, `task`, …."""
        return self.value.split(".")[1]
