"""The clock that schools live by: China has one time zone, and no office program shows a zone in a cell."""

from __future__ import annotations

import datetime as dt

CHINA = dt.timezone(dt.timedelta(hours=8))
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def in_china(moment: dt.datetime) -> dt.datetime:
    """The moment as a clock in China shows it, without a zone; one that has none is on that clock already.

    Raises ValueError for a moment outside of the calendar.

    >>> in_china(dt.datetime.fromisoformat("2021-02-28T16:00:00Z"))
    datetime.datetime(2021, 3, 1, 0, 0)
    """
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(CHINA).replace(tzinfo=None)
    except OverflowError as error:
        raise ValueError(f"no day in China: {moment}") from error


def moment_of(seconds: float) -> dt.datetime:
    """The moment so many seconds after 1970 or before it, in UTC; the calendar's first or last where it lies outside.

    A disk, a camera or an archive may say anything, and Windows' own clock knows nothing before 1970.

    >>> moment_of(-1e9).isoformat(), moment_of(1e15).year, moment_of(-1e15).year
    ('1938-04-24T22:13:20+00:00', 9999, 1)
    """
    try:
        return _EPOCH + dt.timedelta(seconds=seconds)
    except OverflowError:
        return dt.datetime.max.replace(tzinfo=dt.UTC) if seconds > 0 else dt.datetime.min.replace(tzinfo=dt.UTC)


def seconds_of(moment: dt.datetime) -> float:
    """The seconds from 1970 to a moment; one without a zone is told by a clock in China."""
    return ((moment if moment.tzinfo else moment.replace(tzinfo=CHINA)) - _EPOCH).total_seconds()
