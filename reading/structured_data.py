"""Structured data (schema.org) of the reading view: the parts of a law, each with its own address."""

from collections.abc import Sequence
from typing import Any

from reading.models import Article
from resources.addresses import reverse
from resources.opendata.record import ResourceRecord, Site, absolute
from resources.opendata.schema_org import document, plain_page, resource_node

Node = dict[str, Any]


def reading_node(
    facts: ResourceRecord, site: Site, address: str, articles: Sequence[Article]
) -> Node:
    """Return the data of the page of a document: of a law with confirmed articles, its parts."""
    if not articles:
        return plain_page(absolute(address), facts.title, site)
    parts = [_part(facts, part) for part in articles if part.kind != Article.Kind.DIVISION]
    return document(resource_node(facts, site) | {"hasPart": parts})


def article_node(facts: ResourceRecord, article: Article) -> Node:
    """Return the data of the page of an article."""
    law = {"@type": "Legislation", "@id": facts.iri, "name": facts.title, "url": facts.url}
    return document(_part(facts, article) | {"isPartOf": law})


def _part(facts: ResourceRecord, article: Article) -> Node:
    name = f"{article.label}. {article.heading}" if article.heading else article.label
    return {
        "@type": "Legislation",
        "legislationIdentifier": article.label,
        "name": name,
        "url": absolute(reverse("article", [facts.slug, article.key])),
    }
