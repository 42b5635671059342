"""Decide whether a legal instrument is in force: a pure function and its input."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from resources.models.choices import Force


class Verb(models.TextChoices):
    """Acts of one instrument upon another, named from the acting one."""

    AMENDS = "amends", "reforma a"
    REPEALS = "repeals", "deroga a"
    IMPLEMENTS = "implements", "desarrolla a"


@dataclass(frozen=True)
class Change:
    """An act upon an instrument, and whether the acting instrument has taken effect."""

    verb: str  # a Verb
    in_force: bool


def verification_ends(
    verified_on: dt.date | None, review_by: dt.date | None, valid_days: int
) -> dt.date | None:
    """Return the last day of a verification: `review_by`, or `valid_days` after it; None without one."""
    if verified_on is None:
        return None
    if review_by:
        return review_by
    is_beyond = (dt.date.max - verified_on).days < valid_days
    return dt.date.max if is_beyond else verified_on + dt.timedelta(days=valid_days)


def decide_force(
    *,
    today: dt.date,
    in_force_on: dt.date | None,
    repealed_on: dt.date | None,
    has_evidence: bool,
    verified_until: dt.date | None,
    changes: Iterable[Change],
) -> Force:
    """Decide whether an instrument is in force on `today`, from its dates and the acts upon it.

    Repealed stays repealed: that needs no evidence of its own and does not lapse. Everything else is only
    said of an instrument whose record someone has checked, and whose check is not past `verified_until` (verification_ends).
    """
    verbs = {change.verb for change in changes if change.in_force}
    if (repealed_on and repealed_on <= today) or Verb.REPEALS in verbs:
        return Force.REPEALED
    if in_force_on and in_force_on > today:
        return Force.NOT_YET
    if not has_evidence or not verified_until or verified_until < today:
        return Force.UNVERIFIED
    return Force.AMENDED if Verb.AMENDS in verbs else Force.IN_FORCE
