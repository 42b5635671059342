"""The cards of resources: rows of compiled queries, from which the HTML follows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import DateTimeField, IntegerField
from django.utils import timezone

from resources.addresses import reverse
from resources.models import Resource
from resources.models.compiled import CompiledQuery, Parameter
from resources.models.queries import ResourceQuerySet


def shown() -> ResourceQuerySet:
    """Return the public resources at the parameter `now`."""
    return Resource.objects.published(Parameter("now", DateTimeField()))


def in_section() -> ResourceQuerySet:
    """Return the public resources of the parameter `section`, in page order."""
    inside = shown().filter(section=Parameter("section", IntegerField()))
    return inside.order_by("position", "sort_title", "pk")


CARDS = CompiledQuery(lambda: shown().with_card().order_by())
CARDS_OF_SECTION = CompiledQuery(lambda: in_section().with_card())
IDS_OF_SECTION = CompiledQuery(lambda: in_section().values_list("pk"))


@dataclass(frozen=True)
class Card:
    """A resource as a list shows it: a row with the columns of `with_card`, of which its HTML is a function."""

    row: tuple

    @cached_property
    def resource(self) -> Resource:
        """The resource, with its issuer and the versions of its card."""
        return next(CARDS.instances([self.row]))

    @property
    def pk(self) -> int:
        """The primary key of the resource."""
        return self.row[CARDS.column("id")]

    @property
    def kind(self) -> str:
        """The name of its kind."""
        return self.row[CARDS.column("kind")]

    @property
    def is_pending(self) -> bool:
        """Return whether it lacks its link and its file."""
        row, column = self.row, CARDS.column
        return bool(row[column("link_pending")]) and row[column("main_version_id")] is None

    def get_absolute_url(self) -> str:
        """Return the address of the resource's page."""
        return reverse("resource", args=[self.row[CARDS.column("slug")]])


def cards(ids: Sequence[int]) -> list[Card]:
    """Return the cards of those of the resources that a visitor may see, in the order of `ids`."""
    if not ids:
        return []
    found = {card.pk: card for card in map(Card, CARDS.rows(among=ids, now=timezone.now()))}
    return [found[pk] for pk in ids if pk in found]


def first_cards(section: int, count: int, now: dt.datetime) -> list[Card]:
    """Return the first cards of a section, in page order."""
    return [Card(row) for row in CARDS_OF_SECTION.rows(limit=count, section=section, now=now)]


def ids_of_section(section: int, limit: int, offset: int, now: dt.datetime) -> list[int]:
    """Return the primary keys of a part of a section, in page order."""
    rows = IDS_OF_SECTION.rows(limit=limit, offset=offset, section=section, now=now)
    return [pk for (pk,) in rows]
