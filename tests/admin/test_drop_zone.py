"""Files alone become drafts: filled in from what they say, refused with a reason, shown beside their twins."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.urls import reverse
from pikepdf import Array, Dictionary, Name, String

from resources.files.draft_from_file import change_kind
from resources.kinds.document import Document
from resources.kinds.legislation.models import LegalInstrument, LegalRelation
from resources.models import Organization, Resource, ResourceFile, Revision, Tag
from tests.admin.desk import errors, form_url, said, send, sign_in, upload
from tests.inspection.makers import new_pdf
from tests.inspection.makers import pdf_bytes as stored
from tests.makers import (
    make_document,
    make_editor,
    make_file,
    make_law,
    make_section,
    pdf_bytes,
    png_bytes,
)

pytestmark = pytest.mark.django_db
SAMPLES: Path = settings.BASE_DIR / "fixtures" / "files"


def drop(client, *files, **more):
    return client.post(reverse("admin:resources_resource_intake"), {"archivos": list(files)} | more)


def zip_of(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def law_pdf(name: str = "descarga (2).pdf"):
    return upload((SAMPLES / "ley-organica-participacion-ciudadana.pdf").read_bytes(), name)


def test_a_pdf_becomes_a_draft_filled_in_with_what_it_says(client):
    sign_in(client, "Edición")
    section = make_law().section
    Tag.objects.create(name="participación ciudadana")
    response = drop(client, law_pdf())
    law = LegalInstrument.objects.get(status="draft")
    assert response.url == form_url(law)
    assert law.title == "Ley Orgánica de Participación Ciudadana"
    assert law.instrument_type == "organic_law"
    assert law.language == "es"
    assert law.section == section
    assert [tag.name for tag in law.tags.all()] == ["participación ciudadana"]
    assert law.main_version.pages == 5
    assert law.renditions
    assert (law.issuer, law.issued_on) == (None, None)  # the sample states neither


def test_date_and_issuer_are_taken_where_the_first_page_states_them(client):
    sign_in(client)
    make_section()
    issuer = Organization.objects.create(name="Municipio de Loja")
    words = "Guia de compras\nMunicipio de Loja\nMarzo de 2024"
    drop(client, upload(pdf_of(words), "x.pdf"))
    document = Document.objects.get()
    assert document.issuer == issuer
    assert (document.issued_on, document.issued_on_precision) == (dt.date(2024, 3, 1), "month")
    assert document.document_type == "guide"


def pdf_of(lines: str) -> bytes:
    """A page with one line under the other."""
    return stored(new_pdf([lines]))


def test_the_form_says_what_was_suggested_and_where_it_was_read_until_it_is_saved(client):
    sign_in(client)
    make_section()
    url = drop(client, law_pdf()).url
    page = client.get(url)
    assert {name for name, _, _ in page.context["suggested"]} >= {"title", "section", "language"}
    assert "los metadatos del archivo" in page.text
    send(client, url)
    assert client.get(url).context["suggested"] == []


def test_several_files_at_once_each_become_a_draft_and_a_refused_one_says_why(client):
    sign_in(client)
    make_section()
    program = upload(b"MZ\x90\x00" + bytes(200), "guia.pdf")
    response = drop(client, law_pdf(), program, upload(png_bytes(), "lamina.png"))
    assert response.status_code == 200
    assert sorted(Resource.objects.values_list("kind", flat=True)) == [
        "infographic",
        "legalinstrument",
    ]
    assert "programa" in response.text
    for resource in Resource.objects.all():
        assert form_url(resource) in response.text


def test_a_file_that_acts_is_refused_with_what_to_do_and_makes_no_draft(client):
    sign_in(client)
    make_section()
    pdf = new_pdf(["Guía"])
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    acting = stored(pdf)
    with_program = zip_of({"guia.pdf": acting})
    response = drop(client, upload(acting, "guia.pdf"), upload(with_program, "guia.zip"))
    assert response.text.count("JavaScript") == 2
    assert response.text.count("Guardar como PDF") == 2
    assert not Resource.objects.exists()


def test_a_file_that_acts_does_not_replace_one_that_does_not(client, tmp_path):
    sign_in(client)
    slot = make_file(make_document(), folder=tmp_path).file
    pdf = new_pdf(["Guía"])
    pdf.Root.OpenAction = Dictionary(S=Name.Launch, F=String("calc.exe"))
    file = upload(stored(pdf))
    url = form_url(slot.resource)
    response = send(client, url, files__0__upload=file, files__0__change_note="Otra.")
    assert "abre otro programa" in response.text
    assert slot.versions.count() == 1


def test_what_was_found_in_one_file_is_told_at_its_form(client):
    sign_in(client)
    make_section()
    pdf = new_pdf(["Please wait..."])
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(b"<xdp/>"))
    pdf.Root.NeedsRendering = True
    response = drop(client, upload(stored(pdf), "formulario.pdf"))
    document = Document.objects.get()
    assert document.title == "Por titular: formulario.pdf"
    page = client.get(response.url).text
    assert "imprímalo como PDF" in page
    assert "si es un formulario o una cartera" in page


def test_a_script_gets_the_same_list_as_json(client):
    sign_in(client)
    make_section()
    response = client.post(
        reverse("admin:resources_resource_intake"),
        {"archivos": law_pdf()},
        headers={"Accept": "application/json"},
    )
    answer = response.json()
    assert answer["urls"] == [form_url(Resource.objects.get())]
    assert "Ley Orgánica de Participación Ciudadana" in answer["html"]


def test_a_file_that_states_no_title_is_not_published_under_its_name(client):
    sign_in(client)
    make_section()
    drop(client, upload(pdf_bytes(), "Escaneo_0001.pdf"))
    draft = Resource.objects.get()
    assert draft.title == "Por titular: Escaneo_0001.pdf"
    response = send(client, form_url(draft), summary="De qué trata.", _publish="1")
    assert "escriba el título completo" in str(errors(response)["title"])


def test_without_a_section_it_says_what_to_do_first(client):
    sign_in(client)
    response = drop(client, upload())
    assert "Cree una antes" in response.text
    assert not Resource.objects.exists()
    assert not list(settings.MEDIA_ROOT.rglob("*.pdf"))


def test_nothing_chosen_is_said(client):
    sign_in(client)
    assert "Elija uno o varios archivos" in said(drop(client))


def test_a_stranger_is_led_to_the_door_and_a_person_without_a_group_is_refused(client):
    url = reverse("admin:resources_resource_intake")
    assert client.post(url).url.startswith(reverse("admin:login"))
    person = sign_in(client, "")
    person.is_superuser = False
    person.save()
    assert client.get(url).status_code == 403


def test_the_section_suggested_is_where_that_kind_stands(client):
    sign_in(client)
    make_document(section=make_section(title="Guías"))
    laws = make_law(section=make_section(title="Normas")).section
    drop(client, law_pdf())
    assert Resource.objects.get(status="draft").section == laws


# --- Twins ---------------------------------------------------------------------------------------


@pytest.fixture
def twins(client, tmp_path):
    """An old resource and a new draft with the same file, and the address at which they stand side by side."""
    sign_in(client)
    old = make_document(title="La primera guía")
    make_file(old, pdf_bytes("igual"), folder=tmp_path)
    response = drop(client, upload(pdf_bytes("igual"), "copia.pdf"))
    new = Resource.objects.get(status="draft")
    return old, new, response.url


def test_a_repeated_file_shows_both_and_offers_the_one_that_exists(client, twins):
    old, new, url = twins
    assert url == reverse("admin:resources_resource_twin", args=[new.pk])
    page = client.get(url).text
    assert "La primera guía" in page
    assert new.title in page
    response = client.post(url, {"usar": old.pk})
    assert response.url == form_url(old)
    new.refresh_from_db()
    assert new.deleted_at


def test_only_a_twin_is_gone_on_with(client, twins):
    _, new, url = twins
    assert client.post(url, {"usar": make_document().pk}).status_code == 403
    new.refresh_from_db()
    assert new.deleted_at is None


def test_what_is_public_is_never_put_aside_for_its_twin(client, twins):
    old, new, _ = twins
    url = reverse("admin:resources_resource_twin", args=[old.pk])
    assert client.post(url, {"usar": new.pk}).status_code == 403


def test_the_history_tells_who_put_the_repeated_draft_aside(client, twins):
    old, new, url = twins
    client.post(url, {"usar": old.pk})
    person = Revision.objects.of(new).last().by
    assert person
    last = Revision.objects.of(new).first()
    assert (last.action, last.by) == ("trashed", person)


def test_whoever_may_not_delete_puts_no_draft_aside(client, twins):
    old, new, url = twins
    reader = make_editor("Edición")
    reader.groups.clear()
    reader.user_permissions.set(
        Permission.objects.filter(codename__in=["view_resource", "change_document"])
    )
    client.force_login(reader)
    page = client.get(url)
    assert page.status_code == 200
    assert 'name="usar"' not in page.text
    assert client.post(url, {"usar": old.pk}).status_code == 403
    new.refresh_from_db()
    assert new.deleted_at is None


def test_each_file_tells_where_else_it_is_used(client, twins):
    old, new, _ = twins
    page = client.get(form_url(new)).text
    assert f"«{old.title}»" in page
    assert "Usado en: este recurso" in client.get(form_url(old)).text


# --- Another kind --------------------------------------------------------------------------------


def test_a_draft_changes_its_kind_and_keeps_what_all_kinds_share(client):
    sign_in(client, "Edición")
    make_section()
    drop(client, law_pdf())
    law = LegalInstrument.objects.get()
    law.tags.add("agua")
    response = client.post(
        reverse("admin:resources_resource_kind", args=[law.pk]), {"tipo": "document"}
    )
    document = Document.objects.get()
    assert response.url == form_url(document)
    assert (document.pk, document.slug, document.title) == (law.pk, law.slug, law.title)
    assert (document.kind, document.force, document.type_label) == ("document", "", "Documento")
    assert "agua" in {tag.name for tag in document.tags.all()}
    assert document.files.get().current.pages == 5
    assert not LegalInstrument.objects.exists()
    assert client.get(form_url(document)).status_code == 200


@pytest.mark.parametrize("status", ["review", "published", "withdrawn"])
def test_only_a_draft_changes_its_kind(client, status):
    sign_in(client)
    document = make_document(status=status)
    client.post(reverse("admin:resources_resource_kind", args=[document.pk]), {"tipo": "video"})
    document.refresh_from_db()
    assert document.kind == "document"


def test_a_kind_that_nobody_knows_is_refused(client):
    sign_in(client)
    url = reverse("admin:resources_resource_kind", args=[make_document(status="draft").pk])
    assert client.post(url, {"tipo": "cosa"}).status_code == 403
    assert client.get(url).status_code == 405


def test_an_instrument_with_relations_keeps_its_kind(client):
    sign_in(client)
    law = make_law(status="draft")
    LegalRelation.objects.create(source=law, verb="amends", target=make_law())
    client.post(reverse("admin:resources_resource_kind", args=[law.pk]), {"tipo": "document"})
    assert LegalInstrument.objects.filter(pk=law.pk).exists()


def test_a_kind_changes_with_its_search_entry_and_cover_left_alone(tmp_path):
    draft = make_document(status="draft")
    make_file(draft, folder=tmp_path)
    draft.refresh_from_db()
    changed = change_kind(draft, "legalinstrument")
    assert changed.cover == draft.cover
    assert changed.force == "unverified"
    assert ResourceFile.objects.get().resource_id == changed.pk
