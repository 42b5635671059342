"""Counting working days, and saying how long is left."""

import datetime as dt

import pytest

from participation.deadlines import add_working_days, deadline_in_words, working_days_between
from participation.models import Ticket

FRIDAY = dt.date(2026, 11, 20)
HOLIDAY = {dt.date(2026, 11, 23)}


@pytest.mark.parametrize(
    ("start", "count", "holidays", "end"),
    [
        (FRIDAY, 1, (), dt.date(2026, 11, 23)),
        (FRIDAY, 1, HOLIDAY, dt.date(2026, 11, 24)),
        (dt.date(2026, 11, 21), 1, (), dt.date(2026, 11, 23)),
        (FRIDAY, 10, (), dt.date(2026, 12, 4)),
        (FRIDAY, 0, (), FRIDAY),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start, count, holidays, end):
    assert add_working_days(start, count, holidays) == end
    assert working_days_between(start, end, holidays) == count


def test_days_that_run_backwards_are_none():
    assert working_days_between(FRIDAY, dt.date(2026, 11, 2)) == 0


@pytest.mark.parametrize(
    ("promised", "words"),
    [
        (FRIDAY, "vence hoy"),
        (dt.date(2026, 11, 23), "vence el próximo día hábil"),
        (dt.date(2026, 11, 25), "quedan 3 días hábiles"),
        (dt.date(2026, 11, 19), "venció hace 1 día hábil"),
        (dt.date(2026, 11, 16), "venció hace 4 días hábiles"),
    ],
)
def test_the_desk_reads_the_deadline_in_words(promised, words):
    ticket = Ticket(promised_for=promised)
    assert deadline_in_words(ticket, FRIDAY) == words
