"""PDFs that are broken, locked, endless or merely odd."""

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from inspection import Limits
from inspection.text_cleanup import clean_text, truncate_bytes
from tests.inspection.makers import (
    flate_bomb,
    inspect,
    make_file,
    make_pdf,
    new_pdf,
    pdf_bytes,
    raw_pdf,
    refusal,
)

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def test_a_pdf_cut_in_half_is_refused_with_what_to_do(tmp_path):
    whole = make_pdf(tmp_path, [f"Página {n}" for n in range(20)]).read_bytes()
    refused = refusal(make_file(tmp_path, "b.pdf", whole[: len(whole) // 2]), name="b.pdf")
    assert refused.code == "truncated"
    assert "le falta el final" in refused.message and "Vuelva a descargarlo" in refused.message


def test_a_pdf_that_only_lost_its_table_of_offsets_is_read_whole_with_advice(tmp_path):
    whole = make_pdf(tmp_path, ["Uno", "Dos"]).read_bytes()
    path = make_file(tmp_path, "b.pdf", whole[: whole.rindex(b"startxref") - 40])
    facts = inspect(path)
    assert (facts.text_status, facts.page_texts) == ("ok", ("Uno", "Dos"))
    assert "le falta el final" in facts.notes[0]


def test_a_pdf_with_a_wrong_table_of_offsets_is_repaired_to_be_read(tmp_path):
    whole = make_pdf(tmp_path, ["Uno", "Dos"]).read_bytes()
    at = whole.rindex(b"startxref")
    path = make_file(tmp_path, "b.pdf", whole[:at].replace(b"trailer", b"tra_ler") + whole[at:])
    facts = inspect(path)
    assert facts.page_texts == ("Uno", "Dos")


def test_a_pdf_of_noise_is_refused(tmp_path):
    path = make_file(tmp_path, "a.pdf", b"%PDF-1.7\n" + bytes(range(256)) * 20 + b"\n%%EOF\n")
    assert refusal(path).code == "damaged"


def test_a_pdf_with_a_password_is_refused_with_what_to_do(tmp_path):
    locked = pdf_bytes(new_pdf(["Uno"]), encryption=pikepdf.Encryption(user="x", owner="y"))
    refused = refusal(make_file(tmp_path, "a.pdf", locked))
    assert refused.code == "encrypted" and "contraseña" in refused.message


def test_a_pdf_that_only_forbids_changes_is_accepted(tmp_path):
    closed = pdf_bytes(new_pdf(["Uno"]), encryption=pikepdf.Encryption(user="", owner="y"))
    assert inspect(make_file(tmp_path, "a.pdf", closed)).page_texts == ("Uno",)


def test_a_scan_has_no_text_and_the_editor_is_told_of_ocr(tmp_path):
    facts = inspect(make_pdf(tmp_path, ["", ""]))
    assert (facts.text_status, facts.page_texts) == ("empty", ("", ""))
    assert "OCR" in facts.notes[0]


def test_a_pdf_that_is_half_a_scan_says_how_many_pages_have_no_text(tmp_path):
    facts = inspect(make_pdf(tmp_path, ["Uno", "", ""]))
    assert facts.text_status == "ok"
    assert facts.notes[0].startswith("2 de las 3 páginas no tienen texto")


def test_words_cut_at_the_end_of_a_line_are_joined(tmp_path):
    facts = inspect(make_pdf(tmp_path, ["La publi-\ncación de da-\ntos"]))
    assert "publicación" in facts.page_texts[0] and "datos" in facts.page_texts[0]


def test_clean_text_joins_normalises_and_drops_what_no_database_takes():
    assert clean_text("ley\u0002es\r\nso\u00adbre data\u2010\nset\0") == "leyes\nsobre dataset"
    assert clean_text("Artículo") == "Artículo"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("publi\ufffecación", "publicación"),
        ("DISPOSI\u0002\r\nCIONES", "DISPOSICIONES"),
        ("CAPÍ\ufffeTULO I", "CAPÍTULO I"),
        ("compa\u2010\nñía", "compañía"),
        ("energ\ufffe´ıa", "energía"),
    ],
)
def test_a_word_cut_at_a_lines_end_is_whole_again(raw, text):
    assert clean_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("oficio SGPR\ufffe2019-0107", "oficio SGPR-2019-0107"),
        ("COVID\ufffe19; el", "COVID-19; el"),
        ("COVID\u2010\n19; el", "COVID-19; el"),
        ("RE\ufffeSERCOP-2016", "RE-SERCOP-2016"),
        ("INEN\ufffeISO 9001", "INEN-ISO 9001"),
        ("Guayas\ufffeQuito", "Guayas-Quito"),
        ("Decreto\ufffeLey 12", "Decreto-Ley 12"),
        ("01-diciembre\ufffe2012)", "01-diciembre-2012)"),
        ("RD\ufffeLeg. 4", "RD-Leg. 4"),
    ],
)
def test_the_hyphen_of_a_name_or_a_number_stays_where_its_line_ends(raw, text):
    assert clean_text(raw) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("adminis\ufffe1 Artículo reformado", "adminis-\n1 Artículo reformado"),
        ("con\ufffe12Artículo reformado", "con-\n12Artículo reformado"),
        ("INVER\ufffe73Artículo", "INVER-\n73Artículo"),
        ("in\ufffePágina 8 de 116", "in-\nPágina 8 de 116"),
        ("admi\ufffe", "admi-"),
        ("admi\ufffe\n", "admi-"),
    ],
)
def test_a_cut_word_is_not_glued_to_a_footnote_or_to_a_pages_foot(raw, text):
    assert clean_text(raw) == text


def test_a_name_cut_at_a_lines_end_of_a_pdf_keeps_its_hyphen(tmp_path):
    facts = inspect(make_pdf(tmp_path, ["El oficio SGPR-\n2019-0107 y la ins-\ntitución"]))
    assert facts.page_texts[0] == "El oficio SGPR-2019-0107 y la institución"


def test_accents_that_are_drawn_apart_join_their_letters():
    drawn = "notaci´on dise˜no a~no p´agina ling¨u´ıstica ´Indice Espa˜na"
    assert clean_text(drawn) == "notación diseño año página lingüística Índice España"
    assert clean_text("5´ 30¨ ˜a ´s ~nada /~nora a~ns") == "5´ 30¨ ˜a ´s ~nada /~nora a~ns"


def test_clip_never_cuts_a_letter_in_two():
    assert truncate_bytes("añañaña", 5) == "aña"


def test_a_page_with_too_much_text_is_cut_and_said_so(tmp_path):
    facts = inspect(
        make_pdf(tmp_path, ["Texto largo de una página"]), limits=Limits(max_page_text=5)
    )
    assert (facts.page_texts, facts.text_status) == (("Texto",), "partial")


def test_all_the_text_together_is_limited_too(tmp_path):
    path = make_pdf(tmp_path, ["palabras " * 9] * 20)
    facts = inspect(path, limits=Limits(max_output=2_000_800))
    assert facts.text_status == "partial"
    assert len(facts.page_texts) == 20 and not facts.page_texts[-1]


def test_more_pages_than_the_limit_are_refused(tmp_path):
    refused = refusal(make_pdf(tmp_path, ["x"] * 12), limits=Limits(max_pages=10))
    assert refused.code == "too_many_pages" and "12" in refused.message


@pytest.mark.parametrize("count", [1_000_000_000, 2**31 - 1, 4_000])
def test_a_pdf_that_claims_pages_it_does_not_have_is_refused(tmp_path, count):
    pages = b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    path = make_file(tmp_path, "a.pdf", raw_pdf([CATALOG, pages, page]))
    try:
        facts = inspect(path)
    except Exception as refused:
        assert refused.code in ("too_many_pages", "damaged")
    else:
        assert facts.pages <= 5_000


@pytest.mark.parametrize(
    "pages",
    [
        b"<</Type/Pages/Kids[2 0 R]/Count 1>>",
        b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 3 0 R>>",
    ],
)
def test_a_cyclic_page_tree_is_refused(tmp_path, pages):
    other = b"<</Type/Pages/Kids[2 0 R]/Count 1/Parent 2 0 R>>"
    path = make_file(tmp_path, "a.pdf", raw_pdf([CATALOG, pages, other]))
    assert refusal(path).code == "damaged"


def test_a_pdf_without_pages_is_refused(tmp_path):
    empty = raw_pdf([CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"])
    assert refusal(make_file(tmp_path, "a.pdf", empty)).code == "damaged"


def test_an_outline_that_bites_its_tail_is_read_once(tmp_path):
    pdf = new_pdf(["Uno"])
    item = pdf.make_indirect(Dictionary(Title=String("Vuelta")))
    item.Next, item.First, item.Last = item, item, item
    pdf.Root.Outlines = pdf.make_indirect(Dictionary(First=item, Last=item, Count=1))
    facts = inspect(make_file(tmp_path, "a.pdf", pdf_bytes(pdf)))
    assert facts.page_texts == ("Uno",)
    assert [bookmark.title for bookmark in facts.bookmarks] == ["Vuelta"]


def test_forms_that_draw_themselves_a_billion_times_end_with_the_time(tmp_path):
    pdf = new_pdf(["Uno"])
    inner = pdf.make_stream(b"BT /F1 9 Tf (x) Tj ET" * 40)
    inner.Type, inner.Subtype, inner.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    for _ in range(9):
        outer = pdf.make_stream(b"/X Do " * 40)
        outer.Type, outer.Subtype, outer.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
        outer.Resources = Dictionary(XObject=Dictionary(X=inner))
        inner = outer
    page = pdf.pages[0]
    page.Resources.XObject = Dictionary(X=inner)
    page.Contents = pdf.make_stream(b"/X Do")
    path = make_file(tmp_path, "a.pdf", pdf_bytes(pdf))
    assert refusal(path, limits=Limits(wall_seconds=1.2)).code == "timeout"


def test_a_page_that_breaks_the_reader_leaves_the_pages_before_it(tmp_path):
    pdf = new_pdf(["Uno", "Dos", "Tres"])
    bomb = pikepdf.Stream(pdf, flate_bomb(300_000_000))
    bomb.Filter = Name.FlateDecode
    pdf.pages[2].Contents = pdf.make_indirect(bomb)
    data = pdf_bytes(
        pdf, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none
    )
    facts = inspect(make_file(tmp_path, "a.pdf", data), limits=Limits(memory=250_000_000))
    assert facts.text_status == "partial"
    assert facts.page_texts == ("Uno", "Dos", "")
    assert facts.notes


def test_the_first_page_is_drawn_at_most_1200_pixels_wide(tmp_path):
    out = tmp_path / "cover.png"
    facts = inspect(make_pdf(tmp_path, ["Uno"]), picture=out)
    with Image.open(out) as drawn:
        assert drawn.format == "PNG"
        assert drawn.size == (facts.picture.width, facts.picture.height) == (1200, 1698)
    assert facts.picture.size == out.stat().st_size


def test_the_first_page_can_be_drawn_as_jpeg(tmp_path):
    out = tmp_path / "cover.jpg"
    facts = inspect(make_pdf(tmp_path, ["Uno"]), picture=out)
    assert facts.picture.media_type == "image/jpeg"
    assert out.read_bytes().startswith(b"\xff\xd8")


def test_a_page_as_narrow_as_a_ribbon_is_not_drawn(tmp_path):
    out = tmp_path / "cover.png"
    path = make_pdf(tmp_path, ["Uno"], MediaBox=Array([0, 0, 10, 14_000]))
    facts = inspect(path, picture=out)
    assert facts.picture is None and not out.exists()
    assert "portada" in facts.notes[-1]
