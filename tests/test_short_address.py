"""Short addresses: stable, never another resource's, and silent about what is not public."""

import re
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from resources.identifiers import ALPHABET, pk_of_code, short_code
from resources.models import Resource
from resources.workflow.trash import hard_delete
from tests.makers import make_document, make_editor


@pytest.mark.django_db
def test_a_short_address_leads_to_the_page_and_is_asked_for_each_time(client):
    guide = make_document(slug="guia")
    answer = client.get(guide.short_url)
    assert re.fullmatch(r"/r/\w+", guide.short_url)
    assert (answer.status_code, answer["Location"]) == (301, "/recursos/guia/")
    assert answer["Cache-Control"] == "no-cache"
    assert client.get(guide.short_url.upper().replace("/R/", "/r/")).status_code == 301
    assert client.post(guide.short_url).status_code == 405


@pytest.mark.django_db
def test_a_short_address_stays_when_the_slug_changes(client):
    guide = make_document(slug="guia")
    before = guide.short_url
    guide.slug = "otra"
    guide.save()
    assert guide.short_url == before
    assert client.get(before)["Location"] == "/recursos/otra/"


@pytest.mark.django_db
def test_the_short_address_of_a_draft_answers_as_one_that_nobody_has(client):
    draft = make_document(status="draft", title="Secreto", slug="secreto")
    unknown = Resource(pk=draft.pk + 1000)
    answers = [client.get(each.short_url) for each in (draft, unknown)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace(draft.short_url, unknown.short_url) == answers[1].text
    client.force_login(make_editor())
    assert client.get(draft.short_url)["Location"] == "/recursos/secreto/"


@pytest.mark.django_db
def test_the_short_address_of_a_withdrawn_resource_leads_to_its_reason(client):
    guide = make_document(status="withdrawn", withdrawn_reason="Tenía un error.")
    answer = client.get(guide.short_url, follow=True)
    assert answer.status_code == 410
    assert "Tenía un error." in answer.text


@pytest.mark.django_db
def test_the_short_address_of_a_deleted_resource_says_what_there_was(client):
    guide, draft = make_document(title="Guía de agua"), make_document(status="draft")
    addresses = guide.short_url, draft.short_url
    guide.deleted_at = timezone.now()
    guide.save()
    assert client.get(addresses[0], follow=True).status_code == 410
    for resource in (guide, draft):
        hard_delete(resource)
    answer = client.get(addresses[0])
    assert answer.status_code == 410
    assert "Guía de agua" in answer.text
    assert client.get(addresses[1]).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["x", "2", "22", "no-es", "0l", short_code(2**80)])
def test_a_wrong_code_is_not_found(client, code):
    assert client.get(f"/r/{code}").status_code == 404


@pytest.mark.django_db
def test_the_page_hands_on_the_short_address(client):
    guide = make_document(title="Guía & manual", slug="guia")
    html = client.get("/recursos/guia/").text
    address = f"http://127.0.0.1:8000{guide.short_url}"
    assert f'data-copy="{address}"' in html
    assert f'data-share="{address}" data-title="Guía &amp; manual" hidden' in html
    (chat,) = re.findall(r'href="(https://wa\.me/[^"]+)" rel="noopener noreferrer"', html)
    assert parse_qs(urlsplit(chat).query) == {"text": [f"Guía & manual\n{address}"]}


@pytest.mark.parametrize("pk", [1, 2, 30, 31, 32, 960, 961, 29_791, 2**31, 2**63 - 1])
def test_a_code_is_read_back(pk):
    assert pk_of_code(short_code(pk)) == pk
    assert pk_of_code(short_code(pk).upper()) == pk


def test_codes_are_short_and_different():
    codes = [short_code(pk) for pk in range(1, 30_000)]
    assert len(set(codes)) == len(codes)
    assert max(map(len, codes)) == 5
    assert max(len(short_code(pk)) for pk in range(1, 961)) == 3


@pytest.mark.parametrize("pk", [7, 500, 20_001])
def test_a_wrong_letter_or_two_in_the_wrong_order_are_no_code(pk):
    code = short_code(pk)
    for place in range(len(code)):
        for letter in set(ALPHABET) - {code[place]}:
            assert pk_of_code(code[:place] + letter + code[place + 1 :]) is None
    for place, (one, other) in enumerate(pairwise(code)):
        if one != other:
            assert pk_of_code(code[:place] + other + one + code[place + 2 :]) is None


@pytest.mark.parametrize(
    "text", ["", "2", "22", short_code(5) + "2", "2" + short_code(5), "ñ", "0"]
)
def test_what_is_no_code_has_no_key(text):
    assert not pk_of_code(text)
