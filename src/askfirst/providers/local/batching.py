"""Which requests run together."""

from collections.abc import Sequence
from typing import TypeVar

from askfirst.providers.local.pictures import Opened


def next_batch(waiting: Sequence[Opened], most: int) -> tuple[list[Opened], list[Opened]]:
    """Take a batch from the waiting requests.

    The one that has waited longest is always taken. Those that share its settings and its number of
    pictures join it, nearest in length first, so that little of the batch is padding.

    Args:
        waiting: Requests in the order in which they came; at least one.
        most: Most requests of a batch.

    Returns:
        The batch, longest request first, and those that go on waiting, in their order.
    """
    oldest = waiting[0]
    company = [one for one in waiting if _group(one) == _group(oldest)]
    company.sort(key=lambda one: abs(one.length - oldest.length))
    chosen = company[:most]
    taken = {one.job.number for one in chosen}
    chosen.sort(key=lambda one: (-one.length, one.job.number))
    return chosen, [one for one in waiting if one.job.number not in taken]


def _group(one: Opened) -> tuple[object, ...]:
    """Requests of the same group may share a batch.

    One that draws with a seed is a group of its own: the draws of a batch come from one generator,
    so its reply would depend on its company.
    """
    writing = one.job.writing
    drawn = writing.temperature > 0 and writing.seed is not None
    return writing, len(one.images), one.job.number if drawn else None


Part = TypeVar("Part")


def halves(batch: Sequence[Part]) -> tuple[Sequence[Part], Sequence[Part]]:
    """A batch that did not fit into memory, as two."""
    middle = (len(batch) + 1) // 2
    return batch[:middle], batch[middle:]
