"""Who may do what: every role at every address and every step of the desk, with no gap.

The addresses are those that the admin site has at this moment: one without a row in rights.py fails the test.
"""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.template.response import TemplateResponse
from django.urls import URLResolver, reverse

from tests.admin.desk import upload
from tests.admin.rights import (
    APPS,
    BARE,
    EDITING,
    LEADING,
    NOBODY,
    PUBLISHING,
    ROLES,
    STEPS,
    SUPERUSER,
    WRONG,
    table,
)
from tests.admin.things import MAKE, Things
from tests.makers import (
    make_document,
    make_editor,
    make_section,
    pdf_bytes,
)

pytestmark = pytest.mark.django_db


def patterns(entries: list, route: str = "") -> Iterator[tuple[str, str]]:
    """Return the name and the route of every address of the desk."""
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, route + str(entry.pattern))
        else:
            yield entry.name or "", route + str(entry.pattern)


@pytest.fixture(scope="module")
def made(made_for_module) -> Things:
    return Things()


@pytest.fixture
def things(made, module_files) -> Things:
    """Return one of everything, made once; each request is taken back."""
    return made


@pytest.fixture
def unrendered(monkeypatch):
    """Leave pages unwritten: who may see them is decided before."""
    monkeypatch.setattr(TemplateResponse, "rendered_content", "")


def sign_in_as(client, role: str) -> object:
    if role == NOBODY:
        return None
    person = make_editor("" if role in (BARE, SUPERUSER) else role)
    if role == BARE:
        person.is_superuser = False
        person.save()
    client.force_login(person)
    return person


def outcome(client, method: str, url: str) -> str:
    """Return whether a request is let in ("yes"), turned away ("no"), or of the wrong method ("wrong")."""
    data = {"post": "yes", "days": "7", "tipo": "video"} if method == "post" else None
    with transaction.atomic():
        answer = getattr(client, method)(url, data)
        transaction.set_rollback(True)
    if answer.status_code == 405:
        return "wrong"
    to_the_door = answer.status_code == 302 and "/login/" in answer.url
    return "no" if to_the_door or answer.status_code in (403, 404) else "yes"


def test_every_address_of_the_desk_has_its_row():
    names = {name for name, route in patterns(admin.site.urls[0]) if name}
    told = {name for name, _ in table()}
    assert names - told == set(), "say in rights.py who may use it"
    assert told - names == set(), "there is no such address any more"
    unnamed = {re.sub(r"/\w+/<", "/…/<", f"/{r}") for n, r in patterns(admin.site.urls[0]) if not n}
    assert unnamed == {"/(?P<url>.*)$"} | {f"/{app}/…/<path:object_id>/" for app in APPS}, (
        "unnamed addresses are Django's own, which lead on to named ones"
    )


BELOW = {LEADING: PUBLISHING, SUPERUSER: LEADING}
"""Role → one that has a part of its permissions: it is tried only where the table tells the two apart."""


def is_as_below(role: str, allowed: frozenset[str] | None) -> bool:
    below = BELOW.get(role)
    return bool(below) and (allowed is WRONG or (role in allowed) == (below in allowed))


def test_whoever_leads_has_every_permission_of_whoever_publishes():
    groups = (Group.objects.get(name=name) for name in (PUBLISHING, LEADING))
    publishing, leading = (set(g.permissions.values_list("pk", flat=True)) for g in groups)
    assert publishing
    assert publishing < leading


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_exactly_what_is_its_own(client, things, unrendered, role):
    person = sign_in_as(client, role)
    wrong = []
    for (name, subject), who in table().items():
        for method in ("get", "post"):
            allowed = getattr(who, method)
            if name in ("logout", "login") or (role == NOBODY and allowed is WRONG):
                continue  # they change who is signed in; a stranger is led to the door by any method
            if is_as_below(role, allowed):
                continue
            expected = "wrong" if allowed is WRONG else "yes" if role in allowed else "no"
            url = things.address(name, subject, person)
            found = outcome(client, method, url)
            if found != expected:
                wrong.append(f"{method.upper()} {name} ({subject}): {found}, not {expected}")
    assert wrong == [], "\n".join(wrong)


def test_every_page_opens_for_a_superuser(client, things):
    person = sign_in_as(client, SUPERUSER)
    for (name, subject), who in table().items():
        if name == "logout":
            continue
        with transaction.atomic():
            answer = client.get(things.address(name, subject, person))
            transaction.set_rollback(True)
        expected = (405,) if who.get is WRONG else (200, 302) if SUPERUSER in who.get else (403,)
        assert answer.status_code in expected, f"{name} ({subject})"


def test_an_address_that_names_no_row_never_fails(client):
    sign_in_as(client, SUPERUSER)
    pages = [route for name, route in patterns(admin.site.urls[0]) if "<path:object_id>" in route]
    assert len(pages) > 60
    for route in {route for route in pages if "/(?P" not in route}:
        url = re.sub(r"<\w+:\w+>", "1", "/admin/" + route.replace("<path:object_id>", "no/hay"))
        for method in ("get", "post"):
            assert getattr(client, method)(url).status_code < 500, f"{method} {url}"


def test_whoever_is_not_signed_in_is_led_to_the_door_from_everywhere(client, things):
    editor = make_editor()
    for name, subject in table():
        if name in ("login", "logout", "view_on_site"):
            continue
        url = things.address(name, subject, editor)
        for answer in (client.get(url), client.post(url)):
            assert answer.status_code == 302, name
            assert answer.url.startswith(reverse("admin:login")), name


@pytest.mark.parametrize("role", [BARE, EDITING, PUBLISHING, SUPERUSER])
def test_a_role_takes_exactly_its_own_steps_with_many(client, things, unrendered, role):
    sign_in_as(client, role)
    other = make_section(title="Otra")
    values = {
        "section": other.pk,
        "add": "aire",
        "remove": "",
        "review_by": "2030-01-31",
        "note": "",
        "at": "",
        "reason": "Motivo.",
    }
    wrong = []
    for step, expected in STEPS.items():
        for subject, who in zip(("draft", "public"), expected, strict=True):
            pool = things.binned if step == "take_out_of_bin" else things.by_kind
            chosen = pool["legalinstrument", subject]
            query = "?papelera=si" if step == "take_out_of_bin" else ""
            url = reverse("admin:resources_resource_changelist") + query
            data = values | {"action": step, "stage": "plan", "_selected_action": [chosen.pk]}
            if (found := step_is_taken(client, url, data)) != (role in who):
                wrong.append(f"{step} ({subject}): {found}")
    assert wrong == [], "\n".join(wrong)


def step_is_taken(client, url: str, data: dict) -> bool:
    with transaction.atomic():
        answer = client.post(url, data)
        transaction.set_rollback(True)
    if "attachment" in answer.get("Content-Disposition", ""):
        return True
    rows = (getattr(answer, "context_data", None) or {}).get("rows")
    return bool(rows) and not rows[0].refusal


def test_every_step_with_many_has_its_row(client):
    sign_in_as(client, SUPERUSER)
    make_document()
    for model in ("resource", *MAKE):
        page = client.get(reverse(f"admin:resources_{model}_changelist"))
        desk = page.context["cl"].model_admin
        assert desk.get_actions(page.wsgi_request).keys() <= STEPS.keys(), model


def test_a_file_sent_by_hand_does_not_pass_where_the_form_is_closed(client, things):
    sign_in_as(client, EDITING)
    public = things.by_kind["document", "public"]
    url = reverse("admin:resources_document_change", args=[public.pk])
    answer = client.post(url, {"files-0-upload": upload(pdf_bytes("otro"))})
    assert answer.status_code == 403
