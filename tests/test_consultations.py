"""What is consulted is counted, without a cookie and without knowing by whom; lists can be put in that order."""

import datetime as dt

import pytest
from django.db import OperationalError
from django.test import Client

from portal import consultations
from resources.models import Consultation, Portal
from resources.publishing.consultations import EVERY, Tally
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
    tally = Tally(clock)
    monkeypatch.setattr(consultations, "tally", tally)
    return tally


def read(path: str, *, by: str = "203.0.113.1", agent: str = PHONE, **headers: str):
    answer = Client().get(path, REMOTE_ADDR=by, headers={"User-Agent": agent, **headers})
    if answer.streaming:
        b"".join(answer)  # to its end, where a server closes it
    return answer


def times(resource) -> int:
    consultation = Consultation.objects.filter(pk=resource.pk).first()
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
    "agent", ["", "Googlebot/2.1 (+http://www.google.com/bot.html)", "curl/8.5", "Baiduspider"]
)
def test_a_robot_is_not_counted(agent):
    document = make_document(title="Guía de riego")
    assert read(document.get_absolute_url(), agent=agent).status_code == 200
    assert times(document) == 0


def test_what_is_fetched_ahead_asked_about_or_not_given_is_not_counted():
    document = make_document(title="Guía de riego")
    draft = make_document(title="Borrador", status="draft")
    read(document.get_absolute_url(), **{"Sec-Purpose": "prefetch"})
    Client().head(document.get_absolute_url(), headers={"User-Agent": PHONE})
    read(draft.get_absolute_url())
    read("/recursos/no-existe/")
    read(f"{document.get_absolute_url()}cita.bib")
    assert not Consultation.objects.exists()


def test_who_works_at_the_desk_is_not_counted(client):
    document = make_document(title="Guía de riego")
    client.force_login(make_editor())
    client.get(document.get_absolute_url(), headers={"User-Agent": PHONE})
    assert times(document) == 0


def test_what_cannot_be_written_is_kept_for_the_next_time(clock, monkeypatch, caplog):
    document = make_document(title="Guía de riego")
    with monkeypatch.context() as broken:
        broken.setattr(
            "resources.publishing.consultations.write",
            lambda times: (_ for _ in ()).throw(OperationalError("database is locked")),
        )
        assert read(document.get_absolute_url()).status_code == 200
    assert times(document) == 0
    assert "could not be written" in caplog.text
    clock.now += EVERY
    read("/")
    assert times(document) == 1


def test_what_was_deleted_meanwhile_disturbs_nothing(tally):
    document = make_document(title="Guía de riego")
    tally.add("ya-no-existe", 1)
    tally.add(document.slug, 1)
    tally.write_if_due()
    assert times(document) == 1


def test_lists_are_put_in_the_order_of_consultations():
    first, second, third = (
        make_document(title=f"Plan {n}", summary="Plan de riego") for n in ("A", "B", "C")
    )
    Consultation.objects.create(resource=second, times=7)
    Consultation.objects.create(resource=first, times=2)
    client = Client()
    order = [second.slug, first.slug, third.slug]
    assert found(client, "plan", orden="consultas") == order
    assert found(client, orden="consultas") == order
    assert found(client, orden="consultas", tipo="documento") == order
    assert (
        client.get("/api/v1/recursos?orden=consultas").json()["recursos"][0]["titulo"] == "Plan B"
    )


def test_the_order_is_offered_once_something_was_counted():
    document = make_document(title="Guía de riego")
    assert "Más consultados" not in search(Client())
    version = Portal.load().content_version
    read(document.get_absolute_url())
    assert "Más consultados" in search(Client())
    assert Portal.load().content_version == version + 1
    again = make_document(title="Otra")
    version = Portal.load().content_version
    Consultation.objects.create(resource=again, times=3)
    assert Portal.load().content_version == version


def test_the_list_in_that_order_is_true_for_a_minute(freeze):
    make_document(title="Guía de riego")
    noon = dt.datetime(2026, 11, 25, 17, 0, tzinfo=dt.UTC)
    freeze(noon)
    tags = [Client().get("/recursos/?orden=consultas")["ETag"], Client().get("/recursos/")["ETag"]]
    freeze(noon + dt.timedelta(minutes=1))
    assert Client().get("/recursos/?orden=consultas")["ETag"] != tags[0]
    assert Client().get("/recursos/")["ETag"] == tags[1]


def test_the_desk_tells_how_often_each_was_consulted(client):
    read_often, never = make_document(title="Guía de riego"), make_document(title="Otra")
    Consultation.objects.create(resource=read_often, times=12345)
    client.force_login(make_editor("Edición"))
    html = client.get("/admin/resources/document/?o=-5").text
    assert "12.345" in html
    assert html.index(read_often.title) < html.index(never.title)
