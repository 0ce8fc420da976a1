"""What is told with a write: no event without its state, no change without its event."""

from collections.abc import Iterator, Sequence

from s1ratio.records import Event


def faults_of_told(
    name: str, numbers: tuple[int, int], events: Sequence[Event], *, changed: bool, state: str
) -> Iterator[str]:
    """Tell what is wrong with the events of one record in one commit.

    `numbers` are the record's sequence before and after; `changed`: something of it is to be told,
    and `state` is what it has become.
    """
    before, after = numbers
    told = [event.sequence for event in events]
    if told != list(range(before + 1, after + 1)):
        yield f"{name} went from change {before} to {after}, and {told} were told"
    if changed and not events:
        yield f"{name} has become {state}, and nobody was told"
    if any(event.attributes.get("state") != state for event in events):
        yield f"{name} is {state}, and told is {[event.attributes for event in events]}"
