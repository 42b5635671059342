"""A document is read as a page of the site."""

import re

import pytest

from reading.contents import PART_CHARACTERS
from tests.admin.desk import sign_in
from tests.makers import make_document, make_law
from tests.reading.makers import law_pdf, typeset_pdf

pytestmark = pytest.mark.django_db

GUIDE = typeset_pdf(
    [
        (22, "Cuidar el agua"),
        (11, "El agua del páramo llega a la ciudad por dos canales que se cuidan"),
        (11, "entre todas las parroquias."),
        (15, "Qué hace el municipio"),
        (11, "Publica cada mes la calidad del agua."),
    ],
    [(15, "Qué hace el barrio"), (11, "- Avisa de las fugas."), (11, "- Cuida las quebradas.")],
)


def path_of(resource, more: str = "") -> str:
    return f"/recursos/{resource.slug}/leer/{more}"


def test_headings_paragraphs_and_lists_are_read_in_order(client, publish):
    guide = make_document(title="Guía del agua")
    publish(guide, GUIDE)
    page = client.get(path_of(guide))
    assert page.status_code == 200
    text = page.text
    assert "<h1>Guía del agua</h1>" in text
    assert '<h2 id="cuidar-el-agua">Cuidar el agua</h2>' in text
    assert "dos canales que se cuidan entre todas las parroquias.</p>" in text
    assert "<ul><li>Avisa de las fugas.</li><li>Cuida las quebradas.</li></ul>" in text
    places = [
        text.index(part)
        for part in ("Cuidar el agua</h", "Qué hace el municipio</h", "Qué hace el barrio</h")
    ]
    assert places == sorted(places)


def test_short_lines_that_begin_with_capitals_are_no_paragraph(client, publish):
    guide = make_document()
    names = ("Alfaro", "Bellavista", "Chorrillo")
    long = "Las parroquias que reciben el agua de este canal son las que siguen a este párrafo:"
    publish(guide, typeset_pdf([(11, long), *((11, name) for name in names), (11, long)]))
    text = client.get(path_of(guide)).text
    assert all(f"<p>{name}</p>" in text for name in names)


def test_the_page_says_where_its_text_comes_from(client, publish):
    guide = make_document(title="Guía del agua")
    version = publish(guide, GUIDE, is_sample=True)
    text = client.get(path_of(guide)).text
    assert "Texto tomado del PDF; vale el PDF." in text
    assert "Muestra, no es el documento oficial" in text
    assert version.sha256[:8] in text
    assert "2 páginas" in text
    assert "1 minuto de lectura" in text
    assert f'href="{guide.get_absolute_url()}archivos/{version.file.file_name}#page=2"' in text


def test_every_page_has_an_address_of_its_own_and_is_in_the_contents(client, publish):
    guide = make_document()
    publish(guide, GUIDE)
    text = client.get(path_of(guide)).text
    assert 'id="p1"' in text
    assert 'id="p2"' in text
    assert f'href="{path_of(guide)}#que-hace-el-barrio"' in text
    assert re.search(r'data-copy="[^"]+/leer/#p2"', text)


def test_the_words_of_a_search_are_marked_each_with_an_anchor(client, publish):
    guide = make_document()
    publish(guide, GUIDE)
    text = client.get(path_of(guide, "?q=parroquia")).text
    assert '<mark id="h1-1">parroquias</mark>' in text
    assert "data-found-now>1</span> de 1" in text
    nothing = client.get(path_of(guide, "?q=bicicleta")).text
    assert "«bicicleta» no aparece en este documento." in nothing


def test_what_is_searched_is_never_html(client, publish):
    guide = make_document()
    publish(guide, typeset_pdf([(11, "Escriba <b>agua</b> & sal <script>")]))
    text = client.get(path_of(guide, "?q=<script>agua")).text
    assert "<script>agua" not in text
    assert "&lt;b&gt;<mark" in text


def test_a_hit_leads_to_the_sentence_on_its_page(client, publish):
    guide = make_document(title="Guía")
    publish(guide, GUIDE)
    found = client.get("/recursos/?q=quebradas").text
    url = f"{path_of(guide)}?pagina=2&amp;q=quebradas#h2-1"
    assert f'href="{url}"' in found
    assert 'id="h2-1"' in client.get(url.replace("&amp;", "&")).text
    api = client.get("/api/v1/recursos?q=quebradas").json()["recursos"][0]["pasajes"][0]
    assert api["url"].endswith("/leer/?pagina=2&q=quebradas#h2-1")


def test_the_page_of_a_hit_has_its_anchor_even_where_the_words_are_not_together(client, publish):
    guide = make_document(title="Guía")
    publish(guide, GUIDE)
    text = client.get(path_of(guide, "?pagina=2&q=canales")).text
    assert '<span id="h2-1"></span>' in text


def test_before_it_was_read_a_hit_leads_to_the_file(client, tmp_path):
    from tests.makers import make_file

    guide = make_document(title="Guía")
    make_file(guide, GUIDE, folder=tmp_path)
    found = client.get("/recursos/?q=quebradas").text
    assert "#page=2" in found
    assert client.get(path_of(guide)).status_code == 404
    assert "Leer aquí" not in client.get(guide.get_absolute_url()).text


def test_the_page_of_the_resource_offers_to_read_it(client, publish):
    guide = make_document(title="Guía")
    publish(guide, GUIDE)
    text = client.get(guide.get_absolute_url()).text
    assert re.search(rf'<a class="button" href="{path_of(guide)}">', text)
    assert "Leer aquí" in text


def test_a_long_document_is_read_in_parts_that_say_where_the_others_are(client, publish):
    sentence = "El municipio publica la calidad del agua de cada parroquia. "
    pages = [
        [(15, f"Capítulo {n}"), *((11, sentence) for _ in range(30)), (11, f"Señal {n}.")]
        for n in range(1, 61)
    ]
    guide = make_document()
    publish(guide, typeset_pdf(*pages))
    first = client.get(path_of(guide))
    assert "Parte 1 de 3" in first.text
    assert "Capítulo 60</span>" in first.text, "the contents are of the whole"
    assert "Señal 60." not in first.text
    second = client.get(path_of(guide, "?parte=3")).text
    assert "Señal 60." in second
    assert re.search(rf'rel="canonical" href="[^"]+{path_of(guide)}\?parte=3"', second)
    assert "Señal 60." in client.get(path_of(guide, "?pagina=60")).text
    assert "otra página" in client.get(path_of(guide, "?q=60")).text
    assert client.get(path_of(guide, "?parte=4")).status_code == 404
    assert client.get(path_of(guide, "?parte=x")).status_code == 404
    assert len(second) < 6 * PART_CHARACTERS


def test_each_version_keeps_its_text_at_an_address_of_its_own(client, publish):
    guide = make_document(title="Guía")
    old = publish(guide, typeset_pdf([(11, "Aquí se habla del agua clara.")]))
    publish(
        guide,
        typeset_pdf([(11, "Aquí se habla del aire limpio.")]),
        slot=old.file,
        note="Es del aire.",
    )
    assert "aire limpio" in client.get(path_of(guide)).text
    before = client.get(path_of(guide, "v1/")).text
    assert "agua clara" in before
    assert "Es la versión 1, que ya fue reemplazada." in before
    assert "aire limpio" in client.get(path_of(guide, "v2/")).text
    assert client.get(path_of(guide, "v3/")).status_code == 404
    assert f'href="{path_of(guide, "v1/")}"' in client.get(guide.get_absolute_url()).text


def test_an_annex_is_read_under_its_own_name(client, publish):
    guide = make_document(title="Guía")
    publish(guide, GUIDE)
    annex = publish(
        guide, typeset_pdf([(11, "Formulario de reclamos.")]), "anexo.pdf", role="annex"
    )
    text = client.get(path_of(guide, f"{annex.file.file_name}/")).text
    assert "Formulario de reclamos." in text
    assert (
        "Formulario de reclamos." in client.get(path_of(guide, f"{annex.file.file_name}/v1/")).text
    )
    found = client.get("/recursos/?q=formulario").text
    assert f"/leer/{annex.file.file_name}/?pagina=1" in found


def test_a_page_that_is_a_picture_is_shown_as_one_saying_why(client, publish):
    rows = [(11, f"Parroquia {n}".ljust(24)) for n in range(6)]
    guide = make_document()
    content = typeset_pdf(rows)
    version = publish(guide, content)
    page = version.reading.pages.get()
    page.doubt = "table"
    page.save()
    from resources.models import SiteSettings

    SiteSettings.content_changed()
    text = client.get(path_of(guide)).text
    assert "Página 1, como imagen" in text
    assert "columnas o una tabla" in text
    assert f'src="{page.picture.url}"' in text
    assert "Leer el texto reconocido, sin revisar" in text
    picture = client.get(page.picture.url)
    assert picture["Content-Type"] == "image/webp"


def test_a_draft_is_read_by_the_desk_alone(client, publish):
    draft = make_document(status="draft", title="Borrador del agua")
    publish(draft, GUIDE)
    assert client.get(path_of(draft)).status_code == 404
    assert client.get(f"/api/v1/recursos/{draft.slug}/paginas").status_code == 404
    assert client.get(f"/recursos/{draft.slug}/leer.md").status_code == 404
    sign_in(client)
    assert "Borrador: solo lo ve el equipo editorial." in client.get(path_of(draft)).text


def test_the_text_is_given_by_page_and_as_markdown(client, publish):
    guide = make_document(title="Guía_del agua")
    version = publish(guide, GUIDE)
    body = client.get(f"/api/v1/recursos/{guide.slug}/paginas").json()
    assert [page["pagina"] for page in body["paginas"]] == [1, 2]
    assert "Cuida las quebradas." in body["paginas"][1]["texto"]
    assert body["paginas"][1]["url"].endswith("/leer/#p2")
    assert body["sha256"] == version.sha256
    text = client.get(f"/recursos/{guide.slug}/leer.md")
    assert text["Content-Type"] == "text/markdown; charset=utf-8"
    assert "- Cuida las quebradas." in text.text
    assert "## Cuidar el agua" in text.text
    assert "<!-- página 2 -->" in text.text
    assert client.get(f"/api/v1/recursos/{guide.slug}/paginas?x=1").status_code == 400
    assert client.get("/api/v1/recursos/nada/paginas").status_code == 404
    described = client.get("/api/v1/openapi.json").json()["paths"]
    assert {"/api/v1/recursos/{slug}/paginas", "/recursos/{slug}/leer.md"} <= described.keys()


def test_what_can_be_read_is_in_the_sitemap(client, publish):
    guide, other = make_document(), make_document()
    publish(guide, GUIDE)
    listed = client.get("/sitemap-lectura.xml").text
    assert path_of(guide) in listed
    assert path_of(other) not in listed


def test_a_law_is_read_with_its_force_beside_the_title(client, publish):
    law = make_law(title="Ordenanza del agua")
    publish(law, law_pdf())
    text = client.get(path_of(law)).text
    assert '<section class="force">' in text
    assert "Última verificación" in text


def test_a_tagged_pdf_is_read_by_its_tags(client, publish, settings):
    manual = settings.BASE_DIR / "fixtures/files/manual-procesos-gobierno-abierto-municipal.pdf"
    guide = make_document()
    publish(guide, manual.read_bytes())
    text = client.get(path_of(guide)).text
    assert '<h2 id="etapa-1-preparar-la-casa">Etapa 1. Preparar la casa</h2>' in text
    assert '<th scope="col">Qué suele aportar</th>' in text
    assert "<td>Horarios de oficina</td>" in text
    assert "Página 4 de 6" not in text, "decoration"
