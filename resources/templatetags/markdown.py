"""Render editors' Markdown as safe HTML, with headings that fit into the page."""

from functools import lru_cache

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

register = template.Library()

READER = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS = {
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "br",
    "hr",
    "strong",
    "em",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
}
TAGS |= {"div", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "div": {"class"},
    "table": {"class"},
    "th": {"scope"},
    "td": {"data-label"},
}
SCHEMES = {"http", "https", "mailto"}


@register.filter
@lru_cache(maxsize=200)
def markdown(text: str, top: int = 2) -> SafeString:
    """Render Markdown; its highest heading becomes `<h{top}>` and the others follow."""
    tokens = _fit_tables(_shift_headings(READER.parse(text or ""), top))
    html = READER.renderer.render(tokens, READER.options, {})
    return mark_safe(  # noqa: S308 - nh3 has just cleaned it
        nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener")
    )


def _shift_headings(tokens: list[Token], top: int) -> list[Token]:
    """Rename the headings in place: the highest level used becomes `top`, the next one follows without a gap."""
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    levels = sorted({heading.tag for heading in headings})
    for heading in headings:
        heading.tag = f"h{min(6, top + levels.index(heading.tag))}"
    return tokens


def _fit_tables(tokens: list[Token]) -> list[Token]:
    """Prepare tables for narrow screens, where each row becomes a list: each cell carries its column's heading."""
    fitted: list[Token] = []
    labels: list[str] = []
    column = 0
    for position, token in enumerate(tokens):
        if token.type == "table_open":
            labels = []
            token.attrs = {"class": "stack"}
            fitted.append(Token("div_open", "div", 1, attrs={"class": "scroll"}, block=True))
        elif token.type == "tr_open":
            column = 0
        elif token.type == "th_open":
            labels.append(_plain(tokens[position + 1]))
            token.attrs = {"scope": "col"}
        elif token.type == "td_open":
            token.attrs = {"data-label": labels[column]} if labels[column] else {}
            column += 1
        fitted.append(token)
        if token.type == "table_close":
            fitted.append(Token("div_close", "div", -1, block=True))
    return fitted


def _plain(inline: Token) -> str:
    """Return the text of an inline token without mark-up."""
    return "".join(
        child.content for child in inline.children or [] if child.type in ("text", "code_inline")
    )
