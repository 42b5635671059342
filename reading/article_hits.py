"""Lead a question for an article ("art. 24 LOTAIP") to that article of the laws that were found."""

import re
from collections.abc import Sequence

from django.db.models import Q

from reading.models import Article, ReadingPage
from resources.addresses import reverse
from resources.listing import hits
from resources.listing.hits import Highlight, Hit
from resources.text import slug_of
from search.query.parser import Query
from search.results.highlights import Fragment, snippet

_ASKED = re.compile(r"\bart(?:[íi]culos?|s?)?\.?\s*(?P<number>\d{1,4}(?:\s*bis)?)\b", re.IGNORECASE)
LONGEST = 200
"""Characters of the passage."""


def connect() -> None:
    """Let search results show the articles that are asked for."""
    hits.EXPLANATIONS.append(show_articles)


def show_articles(found: Sequence[Hit], parsed: Query) -> None:
    """Put the article that is asked for first among the passages of each law that has it: two queries, or none."""
    numbers = {slug_of(match["number"]) for match in _ASKED.finditer(parsed.text)}
    by_version = {
        hit.resource.main_version_id: hit for hit in found if hit.resource.main_version_id
    }
    if not numbers or not by_version:
        return
    articles = Article.objects.filter(
        kind=Article.Kind.ARTICLE,
        key__in=numbers,
        reading__version__in=by_version,
        reading__version__is_readable=True,
        reading__articles_confirmed_on__isnull=False,
    ).select_related("reading")
    listed = list(articles.order_by("-position"))
    wanted = [Q(reading=article.reading_id, number=article.page) for article in listed]
    pages = ReadingPage.objects.filter(Q(*wanted, _connector=Q.OR)) if wanted else []
    by_page = {(page.reading_id, page.number): page for page in pages}
    for article in listed:
        hit = by_version[article.reading.version_id]
        page = by_page[article.reading_id, article.page]
        blocks = page.shown[article.block : article.block + 2]
        text = " ".join(block.plain for block in blocks)
        pieces = snippet(text, parsed, LONGEST) or [Fragment(text[:LONGEST])]
        url = reverse("article", [hit.resource.slug, article.key])
        hit.passages.insert(0, Highlight(pieces, article.label.lower(), url))
