"""The clock that schools live by: China has one time zone, and no office program shows a zone in a cell."""

from __future__ import annotations

import datetime as dt

_CHINA = dt.timezone(dt.timedelta(hours=8))


def in_china(moment: dt.datetime) -> dt.datetime:
    """The moment as a clock in China shows it, without a zone; one that has none is on that clock already.

    Raises ValueError for a moment outside of the calendar.

    >>> in_china(dt.datetime.fromisoformat("2021-02-28T16:00:00Z"))
    datetime.datetime(2021, 3, 1, 0, 0)
    """
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(_CHINA).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError(f"no day in China: {moment}") from error
