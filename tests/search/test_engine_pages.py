"""Pages of many answers are those of all of them put in order, whether they are found along the order or sorted."""

import pytest
from django.db import connection

from resources.models import ViewCount
from search.backends.base import get_backend
from tests.search.asking import NOW
from tests.search.conftest import empty_index

pytestmark = pytest.mark.django_db
ASKED = {
    "a word": ("plan", {}),
    "a phrase": ('"plan verde"', {}),
    "any word": ("plan laguna", {}),
    "without another": ("plan -verde", {}),
    "a filter": ("plan", {"y": ["y_2001", "y_2003"]}),
    "filters alone": ("", {"f": ["f_pdf"], "y": ["y_2001", "y_2002"]}),
    "not in the first titles": ("tarde", {}),
}


@pytest.fixture(scope="module")
def keys(made_for_module) -> dict[int, dict[str, tuple]]:
    """Store many documents, with ties, some never consulted and some invisible; return by what each is ordered."""
    store = empty_index(get_backend(connection.vendor))
    bodies, keys = ("plan verd", "verd plan", "plan otr"), {}
    for n in range(40):
        published, title, times = n * 7 % 9, n * 5 % 11, 0 if n % 8 else 1 + n % 3
        pk = store(
            title="" if title < 3 else "tard",
            body=bodies[n % 3],
            facets=f"f_pdf y_{2001 + n % 3}",
            visible_from=NOW + 1 if n % 10 == 1 else published,
            sort_title=f"t{title:02}",
        )
        keys[pk] = {
            "newest": (-published, -pk),
            "title": (title, pk),
            "popular": (-times, -published, -pk),
        }
        if times or n % 2:
            ViewCount.objects.create(resource_id=pk, times=times)
    return keys


@pytest.mark.parametrize("scan_window", [0, 12, 60])
@pytest.mark.parametrize("order", ["newest", "title", "popular"])
@pytest.mark.parametrize("asked", ASKED)
def test_pages_of_many_answers_are_those_of_all_of_them_put_in_order(
    keys, ask, engine, monkeypatch, asked, order, scan_window
):
    text, filters = ASKED[asked]
    everything = ask(text, filters, "laguna" in text, limit=100).ids
    assert len(everything) > 6
    in_order = sorted(everything, key=lambda pk: keys[pk][order])
    monkeypatch.setattr("search.backends.base.COUNT_LIMIT", 6)
    monkeypatch.setattr(type(engine), "scan_window", scan_window)
    for start in (0, 2, 4):
        found = ask(text, filters, "laguna" in text, offset=start, limit=2, order=order)
        assert (found.ids, found.capped) == (in_order[start : start + 2], True)
