"""Build Atom feeds (RFC 4287) of the newest resources, dated by their last change."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.xmlutils import SimplerXMLGenerator

from resources.addresses import reverse
from resources.models import Resource, ResourceQuerySet
from resources.opendata.changes import change_of, newest_first
from resources.opendata.record import SAMPLE_NOTE, ResourceRecord, Site, absolute
from resources.opendata.record_builder import facts_of, with_record_fields
from resources.text import printable

MOST = 50  # entries


class PlainAtomFeed(Atom1Feed):
    """Django's Atom feed with plain-text summaries and labelled categories."""

    def latest_post_date(self) -> dt.datetime:
        """Return the date of the feed: without entries, the catalogue's last change."""
        return (not self.items and self.feed["changed"]) or super().latest_post_date()

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """Write one entry."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("summary", item["summary"], {"type": "text"})
        for category in item["labelled_categories"]:
            handler.addQuickElement("category", "", category)


@dataclass(frozen=True)
class FeedOf:
    """The list that a feed follows: title, page and feed address (paths)."""

    title: str
    page: str
    feed: str


def atom(
    resources: ResourceQuerySet, about: FeedOf, site: Site, changed: dt.datetime | None
) -> str:
    """Return the feed of `resources`, dated `changed`: five queries."""
    ids = list(newest_first(resources).values_list("pk", flat=True)[:MOST])
    found = with_record_fields(Resource.objects.filter(pk__in=ids)).in_bulk()
    rows = [found[pk] for pk in ids]
    feed = PlainAtomFeed(
        title=printable(f"{about.title} · {site.name}"),
        link=absolute(about.page),
        description=None,
        subtitle=site.description,
        language="es",
        author_name=site.publisher,
        author_email=site.contact or None,
        feed_url=absolute(about.feed),
        feed_copyright=site.licence or None,
        changed=changed,
    )
    for resource in rows:
        feed.add_item(**_entry(resource, facts_of(resource), site))
    return feed.writeString("utf-8")


def _entry(resource: Resource, facts: ResourceRecord, site: Site) -> dict[str, Any]:
    change = change_of(resource)
    main = facts.main_file
    return {
        "title": facts.display_title,
        "link": facts.url,
        "description": None,
        "unique_id": facts.iri,
        "pubdate": facts.published_at,
        "updateddate": change.at,
        "author_name": facts.issuer.name if facts.issuer else site.publisher,
        "summary": printable("\n\n".join(_summary(facts, change.words))),
        "enclosures": [Enclosure(main.url, str(main.size), main.media_type)] if main else [],
        "labelled_categories": list(_categories(facts)),
        "item_copyright": facts.licence or None,
    }


def _summary(facts: ResourceRecord, words: str) -> Iterable[str]:
    yield words if words.endswith((".", "!", "?")) else f"{words}."
    if any(file.is_sample for file in facts.files):
        yield f"{SAMPLE_NOTE}."
    yield facts.description


def _categories(facts: ResourceRecord) -> Iterable[dict[str, str]]:
    listing = f"{absolute(reverse('resource-list'))}?tipo="
    yield {"term": facts.kind.slug, "label": facts.kind.label, "scheme": listing}
    for shelf in (facts.section, *facts.tags):
        scheme = shelf.url.removesuffix(f"{shelf.slug}/")
        yield {"term": shelf.slug, "label": shelf.title, "scheme": scheme}
