"""Edición changes nothing that the public sees, by any form of the desk."""

import re

import pytest
from django.db import transaction

from resources.kinds.document import Document
from resources.kinds.legislation.models import LegalInstrument
from resources.models import Redirect, SiteSettings, Tag
from tests.admin.desk import fields_of, sign_in
from tests.admin.rights import EDITING, WRONG, table
from tests.admin.things import Things

pytestmark = pytest.mark.django_db

VOLATILE = re.compile(r"<updated>[^<]*</updated>|<lastmod>[^<]*</lastmod>|nonce=\"[^\"]*\"")
"""When anything changed last, and the security token of one answer."""
ANSWERS = ("participation_ticket_change", "participation_ticket_changelist")
"""Both groups answer what people ask: that is read by who asked, and no resource shows it."""


@pytest.fixture(scope="module")
def made(made_for_module) -> Things:
    return Things()


@pytest.fixture
def things(made, module_files) -> Things:
    return made


def public_pages() -> list[str]:
    """Return the addresses that tell of everything public."""
    paths = ["/", "/recursos/", "/recursos.atom", "/novedades/", "/sitemap.xml", "/catalogo.csv"]
    paths += [
        "/api/v1/recursos",
        "/api/v1/etiquetas",
        "/api/v1/secciones",
        "/ayuda/",
        "/recursos/?q=ley",
    ]
    for law in LegalInstrument.objects.filter(status="published"):
        paths += [law.get_absolute_url(), f"/api/v1/recursos/{law.slug}"]
    for tag in Tag.objects.filter(tagged__content_object__status="published"):
        paths += [tag.get_absolute_url(), tag.get_absolute_url().rstrip("/") + ".atom"]
    for document in Document.objects.filter(status="published"):
        paths += [document.get_absolute_url(), f"/api/v1/recursos/{document.slug}"]
    return paths + [f"/{former.path}/" for former in Redirect.objects.all()]


def content_version() -> int:
    """Return the number under which public pages are kept: as long as it stays, they do."""
    return SiteSettings.objects.values_list("content_version", flat=True).get()


def snapshot(client, paths: list[str]) -> dict[str, str]:
    """Return what a visitor is answered at each of `paths`."""
    client.logout()
    answers = {path: client.get(path) for path in paths}
    return {
        path: f"{a.status_code} {VOLATILE.sub('', b''.join(a).decode(errors='replace'))}"
        for path, a in answers.items()
    }


TEXTS = frozenset(
    "name acronym title summary number gazette edition alt_text evidence_note".split()
)


def altered(fields: dict[str, str]) -> dict[str, str]:
    """Return what a form is sent as, with other words in each of its texts."""
    return {name: f"{value} y cambio" if name in TEXTS else value for name, value in fields.items()}


@pytest.mark.uncached("each change is taken back, and the version with it")
def test_no_form_that_edicion_may_send_changes_a_public_page(client, things):
    person = sign_in(client, EDITING)
    paths = public_pages()
    before = snapshot(client, paths)
    version, sent = content_version(), []
    for (name, subject), who in table().items():
        if who.post is WRONG or EDITING not in who.post or name in (*ANSWERS, "login", "logout"):
            continue
        url = things.address(name, subject, person)
        with transaction.atomic():
            client.force_login(person)
            page = client.get(url) if who.get is not WRONG else None
            data = fields_of(page) if page is not None and not page.streaming else {}
            answer = client.post(url, altered(data) | {"post": "yes"})
            if answer.status_code < 400 and content_version() != version:
                after = snapshot(client, paths)
                assert after == before, f"{name} ({subject})"
                sent.append(name)
            transaction.set_rollback(True)
    assert {"resources_tag_change", "resources_organization_change"} <= set(sent)
