"""What is consulted is counted, without a cookie and without knowing by whom; lists can be put in that order."""

import datetime as dt

import pytest
from django.db import OperationalError
from django.test import Client

from portal import gunicorn
from portal.middleware import view_counts
from portal.middleware.view_counts import EVERY, ViewCounter
from resources.models import SiteSettings, ViewCount
from tests.makers import make_document, make_editor, pdf_bytes, put_file
from tests.search.asking import found, search

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(autouse=True)
def tally(monkeypatch, clock):
    """A tally that has counted nothing, and a clock that a test moves."""
    tally = ViewCounter(clock)
    monkeypatch.setattr(view_counts, "view_counter", tally)
    return tally


def read(path: str, *, by: str = "203.0.113.1", agent: str = PHONE, **headers: str):
    answer = Client().get(path, REMOTE_ADDR=by, headers={"User-Agent": agent, **headers})
    if answer.streaming:
        b"".join(answer)  # to its end, where a server closes it
    return answer


def times(resource) -> int:
    consultation = ViewCount.objects.filter(pk=resource.pk).first()
    return consultation.times if consultation else 0


def test_opening_a_page_is_counted_and_sets_no_cookie():
    document = make_document(title="Guía de riego")
    answer = read(document.get_absolute_url())
    assert not answer.cookies
    assert times(document) == 1


def test_a_file_counts_as_its_resource_once_however_many_pieces_are_read(tmp_path):
    document = make_document(title="Guía de riego")
    put_file(document, pdf_bytes("riego"), "guia.pdf")
    path = f"{document.get_absolute_url()}archivos/guia.pdf"
    assert read(path, Range="bytes=0-99").status_code == 206
    assert read(path, by="203.0.113.2", Range="bytes=100-199").status_code == 206
    assert times(document) == 1


def test_who_reloads_a_page_or_takes_its_file_as_well_counts_once_a_minute(clock):
    document = make_document(title="Guía de riego")
    other = make_document(title="Otra guía")
    for _ in range(3):
        read(document.get_absolute_url())
    read(other.get_absolute_url())
    clock.now += EVERY
    read("/")
    assert (times(document), times(other)) == (1, 1)
    read(document.get_absolute_url())
    clock.now += EVERY
    read("/")
    assert times(document) == 2


def test_others_are_counted_each_and_written_a_minute_later(clock):
    document = make_document(title="Guía de riego")
    for n in range(5):
        read(document.get_absolute_url(), by=f"203.0.113.{n}")
    assert times(document) == 1
    clock.now += EVERY
    read("/")
    assert times(document) == 5


@pytest.mark.parametrize(
    "agent",
    [
        "",
        " ",
        "Googlebot/2.1 (+http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Google-InspectionTool/1.0)",
        "Mediapartners-Google",
        "curl/8.5",
        "Baiduspider",
        "WhatsApp/2.24.1 A",
        "axios/1.7",
        "Recursos (comprueba sus enlaces; https://portal.example/)",
    ],
)
def test_a_robot_is_not_counted(agent):
    document = make_document(title="Guía de riego")
    assert read(document.get_absolute_url(), agent=agent).status_code == 200
    assert times(document) == 0


def test_a_telephone_whose_name_ends_like_a_robot_s_is_counted():
    document = make_document(title="Guía de riego")
    read(document.get_absolute_url(), agent="Mozilla/5.0 (Linux; Android 13; CUBOT P80) Chrome/126")
    assert times(document) == 1


def test_one_connection_counts_once_under_whatever_name_it_asks(clock):
    document = make_document(title="Guía de riego")
    for n in range(20):
        read(document.get_absolute_url(), agent=f"{PHONE} {n}")
    clock.now += EVERY
    read("/")
    assert times(document) == 1


def test_no_more_is_counted_than_can_be_told_apart(monkeypatch, tally):
    monkeypatch.setattr("portal.middleware.view_counts.MOST_READERS", 3)
    document = make_document(title="Guía de riego")
    for reader in range(9):
        tally.add(document.slug, reader)
    tally.write()
    assert times(document) == 3


def test_pending_counts_are_written_when_a_process_ends():
    document = make_document(title="Guía de riego")
    read(document.get_absolute_url())
    read(document.get_absolute_url(), by="203.0.113.2")
    assert times(document) == 1
    gunicorn.worker_exit(None, None)
    assert times(document) == 2


def test_prefetches_head_requests_and_errors_are_not_counted():
    document = make_document(title="Guía de riego")
    draft = make_document(title="Borrador", status="draft")
    read(document.get_absolute_url(), **{"Sec-Purpose": "prefetch"})
    read(document.get_absolute_url(), Purpose="prefetch")
    Client().head(document.get_absolute_url(), headers={"User-Agent": PHONE})
    read(draft.get_absolute_url())
    read("/recursos/no-existe/")
    read(f"{document.get_absolute_url()}cita.bib")
    assert not ViewCount.objects.exists()


def test_who_works_at_the_desk_is_not_counted(client):
    document = make_document(title="Guía de riego")
    client.force_login(make_editor())
    client.get(document.get_absolute_url(), headers={"User-Agent": PHONE})
    assert times(document) == 0


def test_counts_that_cannot_be_written_wait_for_the_next_time(clock, monkeypatch, caplog):
    document = make_document(title="Guía de riego")
    with monkeypatch.context() as broken:
        broken.setattr(
            "portal.middleware.view_counts.store_counts",
            lambda times: (_ for _ in ()).throw(OperationalError("database is locked")),
        )
        assert read(document.get_absolute_url()).status_code == 200
    assert times(document) == 0
    assert "could not be written" in caplog.text
    clock.now += EVERY
    read("/")
    assert times(document) == 1


def test_counts_of_deleted_resources_are_dropped(tally):
    document = make_document(title="Guía de riego")
    tally.add("ya-no-existe", 1)
    tally.add(document.slug, 1)
    tally.write_if_due()
    assert times(document) == 1


def test_lists_are_put_in_the_order_of_consultations():
    first, second, third = (
        make_document(title=f"Plan {n}", summary="Plan de riego") for n in ("A", "B", "C")
    )
    ViewCount.objects.create(resource=second, times=7)
    ViewCount.objects.create(resource=first, times=2)
    client = Client()
    order = [second.slug, first.slug, third.slug]
    assert found(client, "plan", orden="consultas") == order
    assert found(client, orden="consultas") == order
    assert found(client, orden="consultas", tipo="documento") == order
    assert (
        client.get("/api/v1/recursos?orden=consultas").json()["recursos"][0]["titulo"] == "Plan B"
    )


@pytest.mark.parametrize("asked", [{}, {"q": "plan"}, {"tipo": "documento"}])
def test_every_resource_stands_once_in_the_pages_of_that_order(settings, asked):
    settings.HITS_PER_PAGE = settings.RESULTS_PER_PAGE = 3
    made = [make_document(title=f"Plan {n}") for n in range(8)]
    make_document(title="Plan retirado", status="draft")
    for n, resource in enumerate(made[:4]):
        ViewCount.objects.create(resource=resource, times=n // 2 + 1)
    pages = [
        found(Client(), asked.get("q", ""), **asked | {"orden": "consultas", "pagina": str(number)})
        for number in (1, 2, 3)
    ]
    slugs = [slug for page in pages for slug in page]
    assert slugs == [f"plan-{n}" for n in (3, 2, 1, 0, 7, 6, 5, 4)]


def test_the_order_is_offered_once_something_was_counted(tally, clock):
    document = make_document(title="Guía de riego")
    assert "Más consultados" not in search(Client())
    version = SiteSettings.load().content_version
    tally.add("no-existe", 1)
    tally.write()
    assert SiteSettings.load().content_version == version, "nothing was counted"
    clock.now += EVERY
    read(document.get_absolute_url())
    assert "Más consultados" in search(Client())
    assert SiteSettings.load().content_version == version + 1
    again = make_document(title="Otra")
    version = SiteSettings.load().content_version
    ViewCount.objects.create(resource=again, times=3)
    assert SiteSettings.load().content_version == version


def test_the_list_in_that_order_is_true_for_a_minute(freeze):
    make_document(title="Guía de riego")
    noon = dt.datetime(2026, 11, 25, 17, 0, tzinfo=dt.UTC)
    freeze(noon)
    tags = [Client().get("/recursos/?orden=consultas")["ETag"], Client().get("/recursos/")["ETag"]]
    freeze(noon + dt.timedelta(minutes=1))
    assert Client().get("/recursos/?orden=consultas")["ETag"] != tags[0]
    page = Client().get("/recursos/")
    asked = {"If-Modified-Since": page["Last-Modified"]}
    assert Client().get("/recursos/", headers=asked).status_code == 304
    assert Client().get("/recursos/?orden=consultas", headers=asked).status_code == 200
    assert page["ETag"] == tags[1]


def test_the_desk_tells_how_often_each_was_consulted(client):
    read_often, never = make_document(title="Guía de riego"), make_document(title="Otra")
    ViewCount.objects.create(resource=read_often, times=12345)
    client.force_login(make_editor("Edición"))
    html = client.get("/admin/resources/document/?o=-5").text
    assert "12.345" in html
    assert html.index(read_often.title) < html.index(never.title)
