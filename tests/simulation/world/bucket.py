"""A bucket that may show a file late, and whose clock may be another than ours."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from typing_extensions import override

from s1ratio.ports import RasterFile, StoredObject
from tests.support.simulated import SimulatedBucket, SimulatedClock


class FatedBucket(SimulatedBucket):
    """Meets `ports.ObjectStore`; its clock is `off` from the world's."""

    def __init__(self, name: str, clock: SimulatedClock, off: timedelta) -> None:
        super().__init__(name)
        self._clock, self._off = clock, off
        self._unseen: list[tuple[datetime, RasterFile, datetime]] = []

    def write_late(self, file: RasterFile, at: datetime, late: timedelta) -> None:
        """Put a file there that is seen later than it was written."""
        self._unseen.append((at + late, file, at + self._off))

    @override
    def list(self, prefix: str) -> Sequence[StoredObject]:
        self._show()
        return super().list(prefix)

    @override
    def file(self, name: str) -> RasterFile:
        self._show()
        return super().file(name)

    def _show(self) -> None:
        """Show what is to be seen by now; of one name, what was written last."""
        now = self._clock.now()
        for seen_at, file, written_at in sorted(self._unseen, key=lambda one: one[2]):
            if seen_at <= now:
                self.write(file, written_at)
        self._unseen = [one for one in self._unseen if one[0] > now]
