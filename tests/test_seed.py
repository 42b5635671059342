"""The seed: the page "Recursos" word for word, every known fact in its field, nothing invented, all of it found."""

import io
import re
import tomllib
from pathlib import Path

import brotli
import pypdfium2
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from PIL import Image

from resources.kinds.document import Document
from resources.kinds.infographic import Infographic
from resources.kinds.legislation.models import LegalInstrument, LegalRelation
from resources.kinds.video import Video
from resources.models import (
    FileVersion,
    Organization,
    Page,
    PageText,
    Resource,
    Section,
    SiteSettings,
)
from search.backends.schema import ALL_DOCS_TOKEN, DOC_ID_FACET
from search.backends.types import group_of
from search.evaluation import evaluate
from search.language.analyzer import analyze
from search.service import SearchRequest, SearchService
from tests.known_facts import FACTS, NOTES, RELATIONS

FIXTURES = settings.BASE_DIR / "fixtures"
PAGE = (Path(__file__).parent / "data" / "recursos.txt").read_text("utf-8")
SECTIONS = [
    ("Infografías", 6),
    ("Documentos de interés", 4),
    ("Estrategias y guías para implementar Gobierno Abierto a nivel municipal", 3),
    ("Instrumentos relacionados a los pilares de Estado abierto", 4),
    ("Videos enlaces de interés", 5),
]


def ask(text, filters=None):
    return SearchService().execute(SearchRequest(text, filters or {}))


@pytest.fixture(scope="module")
def seeded(made_for_module) -> None:
    """Seed once for the whole module."""
    call_command("seed", stdout=io.StringIO())


@pytest.fixture(autouse=True)
def _with_seed(seeded, module_files):
    """Every test here sees the seeded catalogue and its files."""


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_the_sections_stand_in_the_page_s_order_with_all_their_resources():
    found = [
        (section.title, section.resources.published().count()) for section in Section.objects.all()
    ]
    assert found == SECTIONS
    assert Resource.objects.published().count() == 22


def test_the_home_page_tells_the_page_s_whole_text_word_for_word_in_its_order(client):
    html = client.get("/").content.decode()
    shown = words(re.sub(r"<[^>]+>", " ", html.replace("&quot;", '"').replace("&amp;", "&")))
    position = 0
    for paragraph in filter(None, (words(line) for line in PAGE.splitlines())):
        parts = (
            re.findall(r"Infografía \d", paragraph)
            if paragraph.startswith("Infografía 1")
            else [paragraph]
        )
        for part in parts:
            position = shown.find(part, position)
            assert position >= 0, f"missing or out of order on the home page: {part}"
            position += len(part)


def test_titles_and_descriptions_are_stored_as_the_page_has_them():
    for resource in Resource.objects.all():
        assert resource.title in PAGE
        for paragraph in resource.paragraphs:
            assert paragraph in PAGE


def test_paragraphs_and_hashtags_are_kept():
    video = Video.objects.get(title__startswith="Ecuador dio inicio")
    assert len(video.paragraphs) == 2
    assert "#GobiernoAbiertoEc" in video.title
    assert "#EstadoAbierto" in video.summary


KINDS = {
    Infographic: 6,
    LegalInstrument: 5,
    Document: 6,
    Video: 5,
}


def test_each_resource_is_of_the_right_kind():
    assert {model: model.objects.count() for model in KINDS} == KINDS
    document = Document.objects.get(title="Estrategia Nacional Anticorrupción")
    assert document.section.title.startswith("Instrumentos")
    agreement = LegalInstrument.objects.get(title__startswith="Acuerdo Ministerial")
    assert agreement.section.title == "Documentos de interés"


@pytest.mark.parametrize(("title", "field", "value"), FACTS)
def test_every_known_fact_stands_in_its_field(title, field, value):
    assert (
        Resource.objects.filter(title__startswith=title).values_list(field, flat=True).get()
        == value
    )


@pytest.mark.parametrize(("title", "field", "parts"), NOTES)
def test_reported_facts_stand_with_their_source_in_a_note(title, field, parts):
    note = Resource.objects.filter(title__startswith=title).values_list(field, flat=True).get()
    for part in parts:
        assert part in note


@pytest.mark.parametrize(("title", "verb", "citation", "part", "day"), RELATIONS)
def test_known_amendments_are_citations_from_outside(title, verb, citation, part, day):
    relation = LegalRelation.objects.get(
        target__title__startswith=title, verb=verb, source_citation__contains=citation
    )
    assert part in relation.source_citation
    assert (relation.happened_on, relation.source, relation.source_url) == (day, None, "")


def test_the_transparency_law_repeals_that_of_2004():
    relation = LegalRelation.objects.get(verb="repeals")
    assert relation.source.title.startswith("Ley Orgánica de Transparencia")
    for part in ("2004-34", "Suplemento 337", "18 de mayo de 2004"):
        assert part in relation.target_citation
    assert LegalRelation.objects.count() == 4


def test_nothing_is_invented():
    assert not Resource.objects.filter(verified_on__isnull=False).exists()
    assert set(LegalInstrument.objects.values_list("force", flat=True)) == {"unverified"}
    assert set(Video.objects.values_list("url", "link_pending")) == {("", True)}
    assert set(Organization.objects.values_list("name", flat=True)) == {
        "Municipio del Distrito Metropolitano de Quito",
        "Asamblea Nacional",
    }
    assert Resource.objects.filter(issuer__isnull=False).count() == 4
    assert Resource.objects.filter(issued_on__isnull=False).count() == 2
    assert not Resource.objects.exclude(licence="").exists()
    assert not LegalInstrument.objects.filter(in_force_on__isnull=False).exists()
    assert Resource.objects.exclude(source_url="").count() == 1


def test_facts_of_the_plan_and_acronyms_of_titles_are_tags():
    tags = {tag.name for tag in Resource.objects.get(title__startswith="Segundo Plan").tags.all()}
    assert {"2022-2024", "15 compromisos"} <= tags
    assert "OGP" in Resource.objects.get(title__startswith="Carta").tags.names()
    assert "COOTAD" in Resource.objects.get(title__startswith="Código").tags.names()
    assert all(2 <= resource.tags.count() <= 8 for resource in Resource.objects.all())


def test_the_site_names_itself_a_demonstration():
    portal = SiteSettings.load()
    assert portal.name == "Recursos de Gobierno Abierto (demostración)"
    assert (portal.owner, portal.contact) == ("", "")
    assert "municipiosabiertos.ec" in portal.footer_note
    assert "no es su sitio oficial" in portal.footer_note
    assert set(Page.objects.values_list("slug", flat=True)) == {
        "accesibilidad",
        "privacidad",
        "acerca",
    }


def test_every_infographic_is_wide_drawn_differently_and_told_in_text():
    sums = set()
    for infographic in Infographic.objects.all():
        version = infographic.main_version
        assert version.width >= 1600
        sums.add(version.sha256)
        assert 20 <= len(infographic.alt_text) <= 300
        assert (
            infographic.text_alternative.count("\n## ")
            + infographic.text_alternative.startswith("## ")
            >= 2
        )
    assert len(sums) == 6


def test_every_document_and_law_has_a_tagged_pdf_of_several_pages_each_headed_as_a_sample():
    versions = FileVersion.objects.filter(media_type="application/pdf")
    assert versions.count() == 11
    for version in versions:
        assert version.is_sample
        assert version.pages >= 3
        assert (version.text_status, version.tagged, version.language[:2]) == ("ok", True, "es")
        texts = list(version.page_texts.order_by("page").values_list("text", flat=True))
        assert len(texts) == version.pages
        assert "MUESTRA" in texts[0]
        with version.stored.open("rb") as stream:
            drawn = [
                page.get_textpage().get_text_range()
                for page in pypdfium2.PdfDocument(stream.read())
            ]
        assert len(drawn) == version.pages and all("MUESTRA" in text for text in drawn)


def test_sample_laws_quote_no_article():
    for version in FileVersion.objects.filter(file__resource__kind="legalinstrument"):
        text = "\n".join(version.page_texts.values_list("text", flat=True))
        assert not re.search(r"\bArt(\.|ículo) \d", text)


def test_every_resource_has_a_cover_in_several_widths():
    for resource in Resource.objects.all():
        assert len(resource.renditions["widths"]) >= 2, resource
    for video in Video.objects.all():
        with video.cover.open("rb") as stream:
            assert Image.open(stream).size == (1280, 720)


def test_the_sample_is_small():
    assert sum(path.stat().st_size for path in FIXTURES.rglob("*") if path.is_file()) < 15_000_000


def test_a_catalogue_with_content_is_left_as_it_is():
    before = SiteSettings.load().content_version
    out = io.StringIO()
    call_command("seed", stdout=out)
    assert "no se cambió nada" in out.getvalue()
    assert SiteSettings.load().content_version == before


def test_reset_asks_first(monkeypatch):
    monkeypatch.setattr("builtins.input", lambda prompt: "no")
    out = io.StringIO()
    call_command("seed", "--reset", stdout=out)
    assert "No se cambió nada" in out.getvalue()
    assert Resource.objects.count() == 22


def test_fixtures_name_only_files_that_are_there_and_every_file_is_named():
    data = tomllib.loads((FIXTURES / "catalogue.toml").read_text("utf-8"))
    named = {file["path"] for row in data["resources"] for file in row.get("files", ())}
    named |= {row["cover"] for row in data["resources"] if "cover" in row}
    there = {
        str(path.relative_to(FIXTURES))
        for folder in ("files", "posters")
        for path in (FIXTURES / folder).iterdir()
    }
    assert named == there


def test_the_home_page_of_the_sample_is_light(client):
    """HTML and CSS together at most 14 KB, scripts at most 5."""
    answer = client.get("/", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert answer["Content-Encoding"] == "br"
    html = brotli.decompress(answer.content).decode()
    assert "Infografía 6" in html
    assets = {".css": 0, ".js": 0}
    for path in set(re.findall(r'(?:href|src)="/static/([^"#?]+\.(?:css|js))"', html)):
        found = (settings.BASE_DIR / "static" / path).read_bytes()
        assets[Path(path).suffix] += len(brotli.compress(found))
    assert len(answer.content) + assets[".css"] <= 14_000
    assert assets[".js"] <= 5_000


def test_every_word_of_a_page_is_found_as_it_is_written_and_never_corrected(seeded):
    texts = PageText.objects.order_by("version_id", "page").values_list("text", flat=True)
    words = {word.lower() for text in texts for word in re.findall(r"[^\W\d_]{3,25}", text)}
    asked = [word for word in sorted(words) if analyze(word)][::9]
    assert len(asked) > 150
    for word in asked:
        answer = ask(word)
        assert answer.found.total, word
        assert not answer.corrected, word


def test_the_kept_questions_have_their_answers_among_the_first_three():
    report = evaluate(settings.BASE_DIR / "tests/search/queries.toml")
    assert len(report.outcomes) >= 100
    missed = [(o.question, o.place, o.first) for o in report.outcomes if not 1 <= o.place <= 3]
    assert len(missed) <= len(report.outcomes) // 100, missed
    assert report.mrr >= 0.965


@pytest.mark.parametrize(
    "question",
    [
        "ley de participación",
        "errores frecuentes",
        "gobierno abierto",
        "presu puesto",
        '"rendición de cuentas"',
        "codigo org",
    ],
)
def test_each_facet_gives_as_many_results_as_it_says(question):
    """Whichever of its ways a search goes, all words or any, it goes the same one under a filter."""
    answer = ask(question)
    counts = {
        t: n
        for t, n in answer.found.counts.items()
        if group_of(t) not in (DOC_ID_FACET, ALL_DOCS_TOKEN)
    }
    given = {token: ask(question, {group_of(token): [token]}) for token in counts}
    assert len(counts) > 3
    assert {token: each.found.total for token, each in given.items()} == counts
    assert {each.is_any_word for each in given.values()} == {answer.is_any_word}


def test_search_quality_names_the_fault_of_a_file_of_questions(tmp_path):
    (broken := tmp_path / "broken.toml").write_text("[queries\n")
    for path, wrong in ((tmp_path / "none.toml", "No existe el archivo"), (broken, "no es TOML")):
        with pytest.raises(CommandError, match=wrong):
            call_command("search_quality", queries=path)
