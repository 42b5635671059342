"""Links are visited a few at a time; one is called broken only when its page was missing on two days, and then everyone is told where."""

import datetime as dt
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from maintenance import link_checks, tasks
from maintenance.link_checks import check_links, sync_links
from maintenance.link_usage import broken_links_in_use
from resources.kinds.legislation.models import LegalRelation
from resources.models import Link, Organization, Page, SiteSettings
from resources.quality.issues import issue_summary, issues_of
from tests.admin.desk import form_url, said, send, sign_in
from tests.makers import make_document, make_infographic, make_law, make_video

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 2, 17, tzinfo=dt.UTC)
LIST = "admin:resources_link_changelist"


class Answers:
    """A fetcher that goes nowhere: each address answers what it is told to, or well."""

    def __init__(self, knows: bool = True, **said: str) -> None:
        self.said, self.known, self.visited = said, knows, []

    def fetch(self, url: str) -> str:
        self.visited.append(url)
        return next((found for part, found in self.said.items() if part in url), "fine")

    def resolves(self, url: str) -> bool:
        return self.known


@pytest.fixture
def on_day(freeze):
    """Return a function that visits what is due on a day after the first, with the given answers."""

    def visit(day: float, **said: str) -> Answers:
        freeze(NOON + dt.timedelta(days=day))
        answers = Answers(**said)
        check_links(answers)
        return answers

    return visit


def broken(url: str = "https://example.org/rota") -> Link:
    return Link.objects.create(
        url=url,
        finding="not_found",
        failures=2,
        failed_on=dt.date(2026, 11, 2),
        last_failed_on=dt.date(2026, 11, 3),
        checked_at=timezone.now(),
    )


def test_every_address_of_the_catalogue_is_known_once_and_forgotten_when_it_stands_nowhere():
    document = make_document(source_url="https://example.org/a")
    make_document(source_url="https://example.org/a", status="draft")
    make_document(source_url="https://example.org/bin", deleted_at=timezone.now())
    make_document(source_url="https://example.org/gone", status="withdrawn")
    law = make_law(evidence_url="https://example.org/b")
    LegalRelation.objects.create(
        source=law, verb="amends", target_citation="Otra", target_url="https://example.org/c"
    )
    make_video(url="https://example.org/d", transcript="Como <https://example.org/e> dice.")
    make_infographic(
        text_alternative="Ver [uno](https://example.org/f), [dos](https://example.org/g 'Dos') y "
        "[la nuestra](/recursos/), [correo](mailto:a@example.org) y https://example.org/no-es-enlace"
    )
    Organization.objects.create(name="Municipio", url="https://example.org/h")
    Page.objects.create(slug="ayuda", title="Ayuda", body="[Ley](https://example.org/i)")
    sync_links()
    assert [link.url[-1] for link in Link.objects.order_by("url")] == list("abcdefghi")
    document.source_url = ""
    document.save()
    law.delete()
    sync_links()
    assert [link.url[-1] for link in Link.objects.order_by("url")] == list("adefghi")


def test_a_link_is_broken_when_its_page_was_missing_on_two_days(on_day):
    make_document(source_url="https://example.org/rota")
    make_document(source_url="https://example.org/bien")
    on_day(0, rota="not_found")
    assert not Link.objects.broken()
    assert on_day(0.2, rota="not_found").visited == []
    assert on_day(1, rota="not_found").visited == ["https://example.org/rota"]
    (link,) = Link.objects.broken()
    assert (link.failed_on, link.failures) == (dt.date(2026, 11, 2), 2)
    assert len(on_day(8, rota="fine").visited) == 2
    assert not Link.objects.broken()


@pytest.mark.parametrize("trouble", ["refused", "fault", "silent", "unsafe", "astray", "unreached"])
def test_what_the_site_does_not_let_us_know_is_never_broken(on_day, trouble):
    make_document(source_url="https://example.org/rota")
    for day in (0, 8, 16, 24):
        on_day(day, rota=trouble)
    assert not Link.objects.filter(failures__gt=0)
    on_day(32, rota="not_found")
    on_day(40, rota=trouble)
    assert Link.objects.get().failures == 1, "neither confirmed nor taken back"


def test_a_site_that_is_silent_for_weeks_is_told_with_since_when(client, on_day):
    sign_in(client)
    document = make_document(source_url="https://example.org/callada")
    make_document(source_url="https://example.org/bien")
    silent = reverse(LIST) + "?enlaces=sin-respuesta"
    for day in (0, 7):
        on_day(day, callada="silent")
    assert "No responde desde" not in client.get(silent).text
    assert "Enlaces sin respuesta" not in client.get(reverse("admin:index")).text
    on_day(14, callada="silent")
    page = client.get(silent).text
    assert "No responde desde el 2 de noviembre de 2026" in page
    assert f'href="{form_url(document)}#id_source_url"' in page
    assert "example.org/bien" not in page
    home = client.get(reverse("admin:index"))
    assert [
        line.number for line in home.context["waiting"] if line.words == "Enlaces sin respuesta"
    ] == [1]
    assert broken_links_in_use() == []
    assert not [f for f in issues_of(document) if f.words.startswith("enlace roto")]


@pytest.mark.parametrize("answer", ["fine", "fault", "refused", "not_found", "unsafe"])
def test_any_answer_ends_a_silence(on_day, answer):
    make_document(source_url="https://example.org/callada")
    on_day(0, callada="silent")
    on_day(8, callada=answer)
    on_day(16, callada="silent")
    on_day(24, callada="silent")
    link = Link.objects.get()
    assert timezone.localdate(link.silent_since) == dt.date(2026, 11, 18)
    assert not Link.objects.silent_for_long()


def test_one_visit_is_no_silence_of_weeks(on_day, freeze):
    make_document(source_url="https://example.org/callada")
    on_day(0, callada="silent")
    freeze(NOON + dt.timedelta(days=40))
    assert not Link.objects.silent_for_long()
    assert not Link.objects.get().is_silent_for_long


def test_a_person_s_word_ends_a_silence(client, on_day):
    sign_in(client)
    make_document(source_url="https://example.org/callada")
    for day in (0, 7, 14):
        on_day(day, callada="silent")
    works = reverse("admin:resources_link_works", args=[Link.objects.get().pk])
    assert works in client.get(reverse(LIST) + "?enlaces=sin-respuesta").text
    client.post(works)
    assert Link.objects.get().silent_since is None


def test_where_no_name_can_be_resolved_the_trouble_is_ours(on_day, freeze):
    make_document(source_url="https://example.org/rota")
    make_document(source_url="https://example.org/bien")
    on_day(0)
    for day in (8, 9, 16, 17):
        on_day(day, knows=False, example="no_host")
    assert not Link.objects.filter(failures__gt=0)
    for day in (24, 25):
        on_day(day, rota="no_host")
    assert [link.url for link in Link.objects.broken()] == ["https://example.org/rota"]


def test_a_turn_makes_a_few_visits_and_the_others_wait(on_day, monkeypatch):
    for number in range(5):
        make_document(source_url=f"https://example.org/{number}")
    monkeypatch.setattr(link_checks, "AT_ONCE", 3)
    visits = Answers()
    assert check_links(visits, limit=3) == (3, 0, 2)
    assert check_links(visits, seconds=0) == (0, 0, 2)
    assert check_links(visits) == (2, 0, 0)
    assert len(set(visits.visited)) == 5


PLACES = {
    "source_url": lambda url: make_document(source_url=url),
    "evidence_url": lambda url: make_law(evidence_url=url),
    "url": lambda url: make_video(url=url),
    "transcript": lambda url: make_video(transcript=f"[aquí]({url})"),
    "text_alternative": lambda url: make_infographic(text_alternative=f"Ver <{url}>"),
    "outgoing-group": lambda url: related("source", "target", url),
    "incoming-group": lambda url: related("target", "source", url),
}


def related(near: str, far: str, url: str):
    law = make_law()
    ends = {near: law, f"{far}_citation": "Otra", f"{far}_url": url}
    LegalRelation.objects.create(verb="amends", **ends)
    return law


@pytest.mark.parametrize("place", PLACES)
def test_the_form_the_list_and_the_home_lead_to_where_a_broken_link_is_mended(client, place):
    link = broken()
    resource = PLACES[place](link.url)
    PLACES[place](link.url + "/otra")  # begins alike and is another address
    anchor = place if place.endswith("-group") else f"id_{place}"
    (finding,) = [f for f in issues_of(resource) if f.words.startswith("enlace roto")]
    assert finding.anchor == anchor
    assert (
        "https://example.org/rota — la página no existe (404), desde el 2 de noviembre de 2026"
        in (finding.advice)
    )
    (need,) = [need for need in issue_summary() if need.check.slug == "enlace"]
    assert (need.count, need.examples[0].anchor) == (1, anchor)
    sign_in(client)
    mend = f'href="{form_url(resource)}#{anchor}"'
    page = client.get(reverse("admin:resources_resource_changelist"), {"falta": "enlace"})
    assert [row.pk for row in page.context["cl"].result_list] == [resource.pk]
    assert mend in page.text
    assert mend in client.get(reverse(LIST)).text
    home = client.get(reverse("admin:index"))
    assert mend in home.text
    assert [line.number for line in home.context["waiting"] if line.words == "Enlaces rotos"] == [1]
    assert f'id="{anchor}"' in client.get(form_url(resource)).text


def test_another_address_and_a_person_s_word_take_the_finding_back(client):
    sign_in(client)
    first, second, third = (broken(f"https://example.org/{n}") for n in "abc")
    document = make_document(source_url=first.url)
    law = make_law(evidence_url=second.url, evidence_note="R. O. 1.", link_pending=True)
    make_document(source_url=third.url)
    assert len(broken_links_in_use()) == 3
    send(client, form_url(document), source_url="https://example.org/nueva", _save="1")
    assert [link.url[-1] for link in broken_links_in_use()] == ["b", "c"]
    send(client, form_url(law), _verified="1")
    assert [link.url[-1] for link in broken_links_in_use()] == ["c"]
    answer = client.post(
        reverse("admin:resources_link_works", args=[third.pk]),
        {"filters": "enlaces=todos"},
        follow=True,
    )
    assert "Se anotó que funciona: https://example.org/c" in said(answer)
    assert answer.redirect_chain[-1][0].endswith("?enlaces=todos")
    assert broken_links_in_use() == []
    third.refresh_from_db()
    assert (third.failures, third.checked_at, third.finding) == (0, None, "")


def test_the_list_tells_what_is_not_sure_only_when_asked(client):
    sign_in(client)
    for url, values in {
        "a": {"finding": "refused", "checked_at": timezone.now()},
        "b": {"finding": "not_found", "failures": 1, "failed_on": dt.date(2026, 11, 2)},
        "c": {},
    }.items():
        Link.objects.create(url=f"https://example.org/{url}", **values)
    shown = {}
    for value in ("", "una-vez", "dudosos", "por-comprobar", "todos"):
        page = client.get(reverse(LIST), {"enlaces": value} if value else {})
        shown[value] = "".join(sorted(row.url[-1] for row in page.context["cl"].result_list))
    assert shown == {"": "", "una-vez": "b", "dudosos": "a", "por-comprobar": "c", "todos": "abc"}


def test_nothing_that_a_visitor_sees_changes_by_looking(on_day):
    make_document(source_url="https://example.org/rota")
    before = SiteSettings.load().content_version
    on_day(0, rota="not_found")
    assert SiteSettings.load().content_version == before


class Later:
    """Stands for the queue of tasks that wait for their hour."""

    def __init__(self, monkeypatch, **said: str) -> None:
        self.asked = []
        fetcher = Answers(**said)
        monkeypatch.setattr(tasks, "check_links", lambda: check_links(fetcher, limit=1))
        monkeypatch.setattr(type(tasks.run_link_checks), "using", self.using)

    def using(self, *, run_after):
        self.asked.append(run_after)
        return self

    def enqueue(self) -> None:
        return


def test_each_turn_of_the_worker_asks_for_the_next(monkeypatch, freeze):
    freeze(NOON)
    later = Later(monkeypatch)
    make_document(source_url="https://example.org/a")
    make_document(source_url="https://example.org/b")
    tasks.schedule_link_checks()
    assert later.asked == [NOON + tasks.LATER]  # a site that is only tried out visits nobody
    tasks.schedule_link_checks()  # the chain goes on: no second one
    assert len(later.asked) == 1
    tasks.run_link_checks.call()
    assert later.asked[-1] == NOON + tasks.SOON
    tasks.run_link_checks.call()
    assert later.asked[-1] == NOON + tasks.LATER
    freeze(NOON + tasks.LOST_AFTER)
    tasks.schedule_link_checks()  # a server that was down: it begins again
    assert len(later.asked) == 4


@pytest.mark.parametrize("when", ["at the start", "at each turn"])
def test_what_the_worker_finished_long_ago_is_forgotten(monkeypatch, freeze, when):
    freeze(NOON)
    Later(monkeypatch)
    old, young = NOON - tasks.KEPT - dt.timedelta(hours=1), NOON - tasks.KEPT
    about = {"args_kwargs": {}, "backend_name": "default", "task_path": "x.y", "priority": 0}
    for status, finished in (
        ("SUCCESSFUL", old),
        ("FAILED", old),
        ("SUCCESSFUL", young),
        ("READY", None),
    ):
        DBTaskResult.objects.create(status=status, finished_at=finished, run_after=NOON, **about)
    tasks.schedule_link_checks() if when == "at the start" else tasks.run_link_checks.call()
    assert set(DBTaskResult.objects.values_list("status", "finished_at")) == {
        ("SUCCESSFUL", young),
        ("READY", None),
    }


def test_a_turn_that_fails_does_not_break_the_chain(monkeypatch):
    later = Later(monkeypatch)
    monkeypatch.setattr(tasks, "check_links", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.run_link_checks.call()
    assert len(later.asked) == 1


def test_turned_off_nothing_is_visited_and_nothing_stays_known(monkeypatch, settings):
    settings.LINK_CHECK_DAYS = 0
    later = Later(monkeypatch)
    broken()
    tasks.run_link_checks.call()
    tasks.schedule_link_checks()
    assert not Link.objects.exists()
    assert not later.asked
    with pytest.raises(CommandError, match="LINK_CHECK_DAYS"):
        call_command("check_links")


def test_the_command_says_what_it_found(monkeypatch):
    monkeypatch.setattr(link_checks, "LinkFetcher", lambda name: Answers(rota="removed"))
    make_document(source_url="https://example.org/rota")
    out = StringIO()
    call_command("check_links", stdout=out)
    assert "https://example.org/rota: la página fue retirada (410)" in out.getvalue()
    assert "Comprobados: 1. Rotos entre ellos: 0." in out.getvalue()


def test_a_pause_below_zero_is_named_by_a_check(settings):
    settings.LINK_CHECK_DAYS = -1
    (error,) = [found for found in run_checks() if found.id == "maintenance.E001"]
    assert "LINK_CHECK_DAYS" in error.msg
    assert "0" in error.hint
