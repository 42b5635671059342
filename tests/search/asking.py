"""How a test asks the results page."""

import re

NOW = 1_000  # microseconds since 1970, when the engines are asked by themselves


def search(client, query="", **params):
    answer = client.get("/recursos/", {"q": query} | params if query else params)
    assert answer.status_code == 200
    return answer.text


def found(client, query="", **params) -> list[str]:
    """Return the slugs of the results, in order."""
    _, list_, html = search(client, query, **params).partition('<div id="resultados"')
    assert list_
    return re.findall(r'class="card-title"><a href="/recursos/([\w-]+)/"', html)


def counts_on(html: str) -> dict[tuple[str, str], int]:
    """Return the facets of a results page: parameter and value → how many results it promises."""
    facets = r'type="checkbox" name="(\w+)" value="([\w-]+)".*?class="num">(\d+)'
    return {(name, value): int(n) for name, value, n in re.findall(facets, html, re.S)}


def total(html: str) -> int:
    """Return how many results the heading of a results page tells."""
    told = re.search(r"<h2>\s*(\d+) resultado", html)
    return int(told[1]) if told else 0
