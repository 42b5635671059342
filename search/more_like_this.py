"""What else there is of the kind that is being read: the resources nearest to one, by the index."""

from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import RawSQL

from resources.models import Resource, Tag
from resources.models.queries import ON_CARDS
from search.backends.base import get_backend
from search.language.analyzer import analyze


def more_like_this(resource: Resource, tags: Sequence[Tag], count: int) -> list[Resource]:
    """Return `count` others near `resource`, the nearest first: by the index, then by its shelf. One query, cards and all.

    Never itself, and only what a visitor may see; fewer than `count` only where the catalogue has no more.
    """
    stems = list(
        dict.fromkeys(
            stem for text in (*(tag.name for tag in tags), resource.title) for stem in analyze(text)
        )
    )[:24]
    sql, params = get_backend(connection.vendor).nearest_sql(stems, count * 3)
    shown = Resource.objects.published().exclude(pk=resource.pk)
    shelf = shown.filter(section=resource.section_id).order_by("-pk").values("pk")[:count]
    newest = shown.order_by("-published_at").values("pk")[:count]
    for name, rows in (("shelf", shelf), ("newest", newest)):  # one list: OR reads the whole table
        more, values = rows.query.sql_with_params()
        sql += f" UNION ALL SELECT * FROM ({more}) {name}"  # noqa: S608 what Django wrote
        params = [*params, *values]
    found = (
        shown.filter(pk__in=RawSQL(sql, params))  # noqa: S611 our own words and placeholders
        .with_card()
        .select_related("search_doc")
        .only(*ON_CARDS, "search_doc__tags", "search_doc__title")
    )
    own_tags = {stem for tag in tags for stem in analyze(tag.name)}

    def nearness(other: Resource) -> tuple:
        doc = other.search_doc
        labels = len(own_tags & set(doc.tags.split())) * 2 + len(
            set(stems) & set(doc.title.split())
        )
        return -labels - (other.section_id == resource.section_id) - (
            other.kind == resource.kind
        ), other.sort_title

    return sorted((other for other in found if hasattr(other, "search_doc")), key=nearness)[:count]
