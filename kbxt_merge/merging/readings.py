"""The readings of an inbox: those that are kept, and what is read anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from kbxt_merge.intake.inbox.listing import prepare
from kbxt_merge.intake.pool.processes import read_all
from kbxt_merge.intake.reading.batches import ReadBatch
from kbxt_merge.intake.reading.cache import ReadingCache
from kbxt_merge.intake.reading.cluster import read_on_cluster
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.intake.reading.shared_parts import SharedParts
from kbxt_merge.intake.reading.whole_inbox import WholeInbox
from kbxt_merge.merging.progress import MOST_LOOKED_AT, Progress
from kbxt_merge.model.first_look import FirstLook
from kbxt_merge.model.returns import Reading, SourceFile
from kbxt_merge.settings import Settings


def readings_of(
    files: Sequence[SourceFile],
    stage: ReadReturn,
    settings: Settings,
    progress: Progress,
    cache: ReadingCache | None,
    look_at: Callable[[Reading], FirstLook],
    before: Mapping[str, str],
) -> list[Reading]:
    """Read the files, with a cache those that it does not know.

    Of a few that are new, or other than `before` (the digest of each file by its path), each is looked at for whoever
    wants it, by `look_at`.
    """
    parts, whole = SharedParts(files), WholeInbox(settings.limits)

    def take(reading: Reading) -> None:
        parts.share(reading)
        whole.add(reading)

    def read(some: Sequence[SourceFile]) -> list[Reading]:
        # what is read again for whatever other reason is as it was, and would use up the looks
        news = sum(each.path not in before for each in some)
        left = MOST_LOOKED_AT if news <= MOST_LOOKED_AT else 0

        def on_file(reading: Reading) -> None:
            nonlocal left
            take(reading)
            progress.on_file(reading)
            is_other = bool(reading.sheets) and before.get(reading.file.path) != reading.sha256
            if progress.on_looked is not None and is_other and left:
                left -= 1
                progress.on_looked(look_at(reading))

        if settings.engine == "dask" and settings.jobs:
            batch = ReadBatch.by(stage, settings.limits)
            return read_on_cluster(some, batch, settings.jobs, settings.scheduler, on_file)
        if settings.jobs:
            prepare(some)
        return read_all(some, stage, settings.jobs, settings.limits, on_file)

    return read(files) if cache is None else cache.read(files, read, progress.on_known, take)
