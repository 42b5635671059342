"""Querysets of resources: visibility, orders, columns."""

import datetime as dt
from typing import Self

from django.apps import apps
from django.db.models import Exists, Expression, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from resources.models.base import ContentQuerySet
from resources.models.choices import Status
from resources.models.kind_spec import kind_names

PAGE_ORDER = ("section__position", "section_id", "position", "sort_title", "pk")

_OWN = """
    changed_on cover_alt deleted_at force issued_on issuer kind language link_pending main_version accessible_version
    published_at renditions section slug sort_title status subtitle summary title type_label withdraw_at
"""
_OF_A_FILE = "file is_sample media_type pages size stored withheld_on"
ON_CARDS = (
    *_OWN.split(),
    *("issuer__name", "issuer__acronym", "accessible_version__file__accessible"),
    *(f"main_version__{name}" for name in _OF_A_FILE.split()),
    *(f"accessible_version__{name}" for name in _OF_A_FILE.split()),
)
"""The columns of which a list shows anything, about a third of all: each costs time in every row."""


def exists_for(model: type[Model], link: str, *conditions: Q, **values: object) -> Exists:
    """Return the condition that a row of `model` points with `link` at the outer row and meets the conditions."""
    rows = model._default_manager.filter(*conditions, **values, **{link: OuterRef("pk")})
    return Exists(rows)


class ResourceQuerySet(ContentQuerySet):
    """The vocabulary of pages, feeds and commands. Public visibility is defined once: `published()`."""

    def published(self, now: dt.datetime | Expression | None = None) -> Self:
        """Return the public resources at `now`."""
        now = now or timezone.now()
        return self.filter(
            Q(withdraw_at=None) | Q(withdraw_at__gt=now),
            status=Status.PUBLISHED,
            published_at__lte=now,
            deleted_at=None,
        )

    def in_catalogue(self) -> Self:
        """Return the resources outside the trash."""
        return self.filter(deleted_at=None)

    def has_more_than(self, count: int) -> bool:
        """Return whether there are more than `count` rows, without counting the others."""
        return self.order_by()[: count + 1].count() > count

    def in_page_order(self) -> Self:
        """Order as the home page does: sections, then the editors' order, then titles."""
        return self.order_by(*PAGE_ORDER)

    def with_card(self) -> Self:
        """Select the columns of a card and its joins in one query."""
        return self.select_related("issuer", "main_version", "accessible_version__file").only(
            *ON_CARDS
        )

    def with_kind(self) -> Self:
        """Join each resource's child row, so that `specific` costs no query."""
        return self.select_related(*kind_names())

    def refresh_changed_on(self) -> None:
        """Derive `changed_on`: the publication or, if later, the newest of the current versions that are not withheld."""
        versions = apps.get_model("resources", "FileVersion").objects.filter(
            current_of__resource=OuterRef("pk"), withheld_on=None
        )
        newest = Subquery(versions.order_by("-created").values("created")[:1])
        latest = Greatest(Coalesce(newest, "published_at"), "published_at")
        QuerySet.update(self.order_by(), changed_on=latest)  # nobody sees the column itself
