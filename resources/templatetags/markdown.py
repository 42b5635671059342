"""Render editors' Markdown as safe HTML, with headings that fit into the page."""

import re
from functools import lru_cache
from typing import NamedTuple

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
WITH_ANCHORS = ATTRIBUTES | {f"h{level}": {"id"} for level in range(2, 7)}
"""No editor writes an id: HTML within Markdown is text."""
TIME = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})")


class Heading(NamedTuple):
    """A heading of a text; `second`: the time within a recording that it begins or ends with, if any."""

    title: str
    anchor: str
    second: int | None
    clock: str


@register.filter
@lru_cache(maxsize=200)
def markdown(text: str, top: int = 2) -> SafeString:
    """Render Markdown; its highest heading becomes `<h{top}>` and the others follow."""
    return _cleaned(READER.parse(text or ""), top)


@register.filter
@lru_cache(maxsize=50)
def markdown_chapters(text: str, top: int = 2) -> SafeString:
    """Render Markdown as `markdown` does; each heading has the anchor that `headings_of` returns."""
    tokens = READER.parse(text or "")
    for number, heading in enumerate(_headings(tokens), 1):
        heading.attrs = {"id": _anchor(number)}
    return _cleaned(tokens, top)


@lru_cache(maxsize=50)
def headings_of(text: str) -> list[Heading]:
    """Return the headings of a Markdown text; a time such as «2:15» or «1:02:15» at either end is told apart."""
    tokens = READER.parse(text or "")
    found = []
    for number, heading in enumerate(_headings(tokens), 1):
        title = _plain(tokens[tokens.index(heading) + 1]).strip()
        words = title.split()
        time = next(
            filter(None, (TIME.fullmatch(word.strip("[]()")) for word in words[:1] + words[-1:])),
            None,
        )
        second = None
        if time:
            hours, minutes, seconds = (int(part or 0) for part in time.groups())
            second = hours * 3600 + minutes * 60 + seconds
        found.append(Heading(title, _anchor(number), second, time[0] if time else ""))
    return found


def _headings(tokens: list[Token]) -> list[Token]:
    return [token for token in tokens if token.type == "heading_open"]


def _anchor(number: int) -> str:
    return f"capitulo-{number}"


def _cleaned(tokens: list[Token], top: int) -> SafeString:
    html = READER.renderer.render(_fit_tables(_shift_headings(tokens, top)), READER.options, {})
    return mark_safe(  # noqa: S308 - nh3 has just cleaned it
        nh3.clean(
            html, tags=TAGS, attributes=WITH_ANCHORS, url_schemes=SCHEMES, link_rel="noopener"
        )
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
