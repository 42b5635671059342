"""Two people at one resource: the second is told, sees both values of each field, and decides."""

import pytest

from resources.models import ResourceFile, Revision
from tests.admin.desk import errors, fields_of, form_url, send, served, sign_in, upload
from tests.makers import make_document, make_file, make_section, pdf_bytes

pytestmark = pytest.mark.django_db


def overtaken(client, **first):
    """Open a draft, let someone else save `first` in it, and return it with the form as it was opened."""
    sign_in(client)
    document = make_document(
        title="Guía",
        summary="La de antes.",
        status="draft",
        link_pending=True,
        section=make_section(title="Guías"),
        tags=("agua",),
    )
    send(client, form_url(document), licence="Libre")
    opened = served(client, form_url(document))
    sign_in(client)
    send(client, form_url(document), **first)
    sign_in(client)
    return document, opened


def post(client, document, opened, **typed):
    data = opened | {name.replace("__", "-"): value for name, value in typed.items()}
    return client.post(form_url(document), {k: v for k, v in data.items() if v is not None})


def test_the_second_is_told_who_saved_and_sees_both_values(client):
    document, opened = overtaken(client, summary="La de la otra persona.")
    response = post(client, document, opened, summary="La mía.")
    assert "alguien guardó otros cambios" in str(errors(response)["__all__"])
    page = response.content.decode()
    for words in ("La mía.", "La de la otra persona.", str(Revision.objects.of(document)[0].by)):
        assert words in page
    document.refresh_from_db()
    assert document.summary == "La de la otra persona."


@pytest.mark.parametrize(
    ("choice", "kept"), [("mine", "La mía."), ("theirs", "La de la otra persona.")]
)
def test_the_second_decides_field_by_field(client, choice, kept):
    document, opened = overtaken(client, summary="La de la otra persona.", licence="CC BY 4.0")
    response = post(client, document, opened, summary="La mía.", title="Guía de agua")
    form = fields_of(response)
    assert form["merge-licence"] == "theirs"  # only the other changed it
    assert form["merge-title"] == "mine"  # only the second changed it
    assert "merge-summary" not in form  # both did: nobody can know
    answer = client.post(form_url(document), form | {"merge-summary": choice})
    assert answer.status_code == 302
    document.refresh_from_db()
    assert (document.title, document.summary) == ("Guía de agua", kept)
    assert document.licence == "CC BY 4.0"


def test_what_both_changed_must_be_decided(client):
    document, opened = overtaken(client, summary="La de la otra persona.")
    form = fields_of(post(client, document, opened, summary="La mía."))
    response = client.post(form_url(document), form)
    assert "Falta decidir" in str(errors(response)["__all__"])
    assert "La mía." in response.content.decode()
    form = fields_of(response)
    client.post(form_url(document), form | {"merge-summary": "mine"})
    document.refresh_from_db()
    assert document.summary == "La mía."


def test_tags_sections_dates_and_boxes_are_decided_too(client):
    other = make_section(title="Otra sección")
    document, opened = overtaken(
        client,
        tags="agua, suelo",
        section=other.pk,
        review_by="2030-01-31",
        link_pending=None,
        source_url="https://example.org/guia",
    )
    form = fields_of(post(client, document, opened, tags="agua, aire", review_by="2031-02-28"))
    for name in ("section", "source_url", "link_pending"):
        assert form[f"merge-{name}"] == "theirs", name
    chosen = {"merge-tags": "theirs", "merge-review_by": "theirs"}
    assert client.post(form_url(document), form | chosen).status_code == 302
    document.refresh_from_db()
    assert {tag.name for tag in document.tags.all()} == {"agua", "suelo"}
    assert document.section == other
    assert document.review_by.isoformat() == "2030-01-31"
    assert not document.link_pending
    assert document.source_url == "https://example.org/guia"


def test_a_third_person_who_saves_meanwhile_is_noticed_fields_of(client):
    document, opened = overtaken(client, summary="La de la otra persona.")
    form = fields_of(post(client, document, opened, summary="La mía."))
    document.refresh_from_db()
    document.summary = "La de una tercera."
    document.save()
    response = client.post(form_url(document), form | {"merge-summary": "mine"})
    assert "La de una tercera." in response.content.decode()
    assert "alguien guardó" in str(errors(response)["__all__"])


def test_a_file_chosen_by_the_second_is_not_lost(client, tmp_path):
    document, opened = overtaken(client, summary="La de la otra persona.")
    response = post(
        client,
        document,
        opened,
        summary="La mía.",
        **{"files-0-upload": upload(pdf_bytes("del segundo"), "mía.pdf")},
    )
    assert "mía.pdf" in response.content.decode()
    form = fields_of(response)
    answer = client.post(form_url(document), form | {"merge-summary": "mine"})
    assert answer.status_code == 302
    assert ResourceFile.objects.get().current.pages == 1


def test_a_file_that_the_other_added_is_told_and_stays(client, tmp_path):
    document, opened = overtaken(client, summary="La de la otra persona.")
    make_file(document, folder=tmp_path)
    response = post(client, document, opened, summary="La mía.")
    assert "guia.pdf, versión 1" in response.content.decode()
    client.post(form_url(document), fields_of(response) | {"merge-summary": "mine"})
    assert ResourceFile.objects.get().file_name == "guia.pdf"
