"""The wiring of who is read from by HTTP: the deployed function, and `s1ratio serve`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from s1ratio.adapters.clock import SystemClock
from s1ratio.bootstrap import keep_first, make_store
from s1ratio.ports import Publisher, Store
from s1ratio.ports.dismissing import Dismisser
from s1ratio.services.commands.dismissals import AppliedDismissals, PublishedDismissals
from s1ratio.services.context import Context
from s1ratio.services.reading.context import ReadingContext
from s1ratio.settings import Settings, read_settings

# What a read of the bucket, or a publication, may take, seconds.
_DEADLINE_S = 15.0
_BUCKET_URL = "https://storage.googleapis.com"


def reading_context() -> ReadingContext:
    """Return what reading works with, made of the process's environment at the first call."""
    return keep_first(make_reading_context)


def make_reading_context(environment: Mapping[str, str]) -> ReadingContext:
    """Return the context of who is read from; raise InvalidSettings with every fault.

    Nothing is written to its store: a wish to cancel is published, where there is a topic for it.
    """
    from s1ratio.adapters.bucket.catalogue_files import BucketCatalogue  # noqa: PLC0415 - deployed only

    settings = read_settings(environment)
    return ReadingContext(
        settings=settings,
        store=make_store(settings),
        clock=SystemClock(),
        catalogue=BucketCatalogue(settings.project, settings.bucket, _DEADLINE_S),
        files_url=f"{_BUCKET_URL}/{settings.bucket}/",
        dismisser=_publishing(settings),
    )


def _publishing(settings: Settings) -> Dismisser | None:
    topic = settings.commands_topic
    if not topic:
        return None

    @cache
    def open_topic() -> Publisher:
        """Return the topic of commands: few calls want it, and it takes its time."""
        from s1ratio.adapters.pubsub import PubSubPublisher  # noqa: PLC0415 - who dismisses only

        return PubSubPublisher(topic, _DEADLINE_S)

    return PublishedDismissals(open_topic)


def make_local_reading_context(
    environment: Mapping[str, str], store: Store, folder: Path, *, may_dismiss: bool
) -> ReadingContext:
    """Return the context of who is read from on one machine: a store, and the folder of its run.

    What may be dismissed is cancelled at once, in the same store, opened once more to be written.
    """
    from s1ratio.adapters.catalogue_folder import FolderCatalogue  # noqa: PLC0415 - embedded only

    @cache
    def open_context() -> Context:
        """Return what cancelling works with."""
        # Whose functions the deployed one does not have.
        from s1ratio.bootstrap import make_command_context  # noqa: PLC0415 - embedded only

        return make_command_context(environment)

    return ReadingContext(
        settings=read_settings(environment),
        store=store,
        clock=SystemClock(),
        catalogue=FolderCatalogue(folder),
        files_url=f"{folder.absolute().as_uri()}/",
        dismisser=AppliedDismissals(open_context) if may_dismiss else None,
    )
