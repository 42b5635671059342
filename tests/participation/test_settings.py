"""A wrong setting is named with what to do."""

import pytest
from django.core.checks import run_checks


@pytest.mark.parametrize(
    ("name", "value", "check"),
    [
        ("REQUEST_WORKING_DAYS", 0, "participation.E001"),
        ("TICKETS_PER_DAY", -1, "participation.E001"),
        ("TICKET_DAYS_KEPT", 0, "participation.E001"),
        ("HOLIDAYS", ["25/12/2026"], "participation.E002"),
    ],
)
def test_a_value_that_makes_no_sense_is_an_error_with_a_hint(settings, name, value, check):
    setattr(settings, name, value)
    [error] = [found for found in run_checks() if found.id == check]
    assert name in error.msg
    assert error.hint


def test_the_values_as_they_come_are_good():
    assert not [found for found in run_checks() if found.id.startswith("participation")]
