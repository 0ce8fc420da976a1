"""Marks, looked for: whether a command has changed already what it is aimed at."""

from s1ratio import commands as said
from s1ratio.alerts.records import Kind
from s1ratio.commands.marks import is_signed, silence_name
from s1ratio.ports import Store


def is_marked(store: Store, command: said.Command, name: str) -> bool:
    """Tell whether what a command is aimed at bears its mark, `name` being its id.

    Of a silence it is who signed it.
    """
    if isinstance(command, said.Silence):
        silence = store.get_definition(Kind.SILENCE, silence_name(name))
        return silence is not None and is_signed(str(silence.document.get("by")), name)
    return name in _marks(store, command.target)


def _marks(
    store: Store, target: said.WorkTarget | said.RequestTarget | said.RegionTarget
) -> tuple[str, ...]:
    if isinstance(target, said.RegionTarget):
        region = store.get_region(target.region)
        return region.commands if region is not None else ()
    if target.request is not None:
        request = store.get_request(target.request)
        return request.commands if request is not None else ()
    task = store.get_task(target.task or "")
    return task.origin.commands if task is not None else ()
