"""What Django says in the project's own words (locale/): without a gender that half of the things do not have."""

import gettext
import re

import pytest
from django.conf import settings
from django.urls import reverse

from resources.models import Tag
from tests.admin.desk import form_url, said, send, sign_in
from tests.makers import make_editor, make_infographic

LANGUAGE = settings.BASE_DIR / "locale" / "es" / "LC_MESSAGES"


@pytest.mark.django_db
def test_what_was_done_is_said_without_a_gender(client):
    sign_in(client)
    answer = client.post(reverse("admin:resources_tag_add"), {"name": "agua"}, follow=True)
    assert "Se creó «" in said(answer)
    picture = make_infographic(status="draft", title="Lámina")
    answer = send(client, form_url(picture), title="La lámina", _save="1")
    assert "Se guardó «" in said(client.get(answer.url))
    tag = Tag.objects.get()
    url = reverse("admin:resources_tag_delete", args=[tag.pk])
    assert "Se eliminó «agua»." in said(client.post(url, {"post": "yes"}, follow=True))


@pytest.mark.django_db
def test_who_leads_reads_plain_words_about_accounts_and_sees_everyone_s_group(client):
    sign_in(client, "Jefatura")
    person = make_editor("Edición")
    form = client.get(reverse("admin:auth_user_change", args=[person.pk])).text
    assert "Entra a la mesa editorial" in form
    assert "staff" not in re.sub(r"<[^>]+>", "", form)
    listed = client.get(reverse("admin:auth_user_changelist")).text
    assert '<td class="field-in_groups">Edición</td>' in listed


def test_the_compiled_words_are_those_of_the_source():
    source = (LANGUAGE / "django.po").read_text("utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.M)
    with (LANGUAGE / "django.mo").open("rb") as compiled:
        words = gettext.GNUTranslations(compiled)
    assert len(pairs) > 10
    assert {key: words.gettext(key) for key, _ in pairs} == dict(pairs), (
        "run msgfmt (see django.po)"
    )
