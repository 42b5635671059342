"""What is not on the allow-list, lies, or is two things at once is refused with what to do."""

import pytest

from inspection import FileRefused, Limits
from inspection.detect import identify
from tests.inspection.makers import (
    box,
    make_file,
    make_pdf,
    make_picture,
    make_zip,
    mp3_bytes,
    mp4_bytes,
    office_members,
    refusal,
    refusal_here,
)

SVG = b'<?xml version="1.0"?>\n<!-- a --><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'


def test_an_empty_file_is_refused(tmp_path):
    assert refusal_here(make_file(tmp_path, "a.pdf", b""), name="a.pdf").code == "empty"


def test_a_program_called_pdf_is_refused_by_what_it_is(tmp_path):
    program = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff" + b"\0" * 200
    refused = refusal(make_file(tmp_path, "a.pdf", program), name="a.pdf")
    assert refused.code == "executable"
    assert "dice ser PDF" in refused.message and "programa de Windows" in refused.message


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        b"<svg>",
        b"<!DOCTYPE svg PUBLIC 'x'><svg/>",
        b"texto <svg onload='x'>",
        b"\xef\xbb\xbf<svg >",
    ],
)
def test_an_svg_is_refused_with_the_reason_and_another_way(tmp_path, content):
    refused = refusal_here(make_file(tmp_path, "a.svg", content), name="a.svg")
    assert refused.code == "svg"
    assert "se ejecuta en el navegador" in refused.message and "PNG" in refused.message


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><p>",
        b"\n<HTML>",
        b"<!-- x --><script>alert(1)</script>",
        b"hola <script>alert(1)</script>",
        b"<!---->" * 600 + b"<p>",
        b"<!--" + b" " * 5_000 + b"--><p>",
        b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.txt", "a.csv"])
def test_a_web_page_is_refused_whatever_it_is_called(tmp_path, content, name):
    with pytest.raises(FileRefused) as caught:
        identify(make_file(tmp_path, name, content), name)
    assert caught.value.code == "html"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x7fELF\x02\x01\x01\0", "executable"),
        (b"#!/bin/sh\nrm -rf /\n", "executable"),
        (b"\xca\xfe\xba\xbe\0\0\0\x34", "executable"),
        (b"Rar!\x1a\x07\x01\0", "archive"),
        (b"7z\xbc\xaf\x27\x1c\0\x04", "archive"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "archive"),
        (b"a.txt" + b"\0" * 252 + b"ustar\0" + b"0" * 200, "archive"),
        (b"GIF89a\x01\0\x01\0\0\0\0", "unsupported"),
        (b"II*\0\x08\0\0\0", "unsupported"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "unsupported"),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", "unsupported"),
        (b"{\\rtf1 hola}", "unsupported"),
        (b'<?xml version="1.0"?><datos/>', "unsupported"),
        (b"\xff\xfeh\0o\0l\0a\0", "encoding"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old_office"),
        (b"\x01\x02\x03\x04 cualquier cosa", "unknown"),
        (b"PK\x05\x06" + b"\0" * 18, "empty"),
    ],
)
def test_a_type_that_is_not_accepted_is_refused_by_its_signature(tmp_path, content, code):
    with pytest.raises(FileRefused) as caught:
        identify(make_file(tmp_path, "a", content))
    assert caught.value.code == code


@pytest.mark.parametrize(
    "name", ["foto.heic", "foto.HEIC", "foto.jpg", "foto.mp4", "foto", "foto.png"]
)
@pytest.mark.parametrize(
    "brand",
    ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs", "mif1", "mif2", "msf1"],
)
def test_a_phone_s_picture_is_refused_with_how_to_save_it_as_jpeg(tmp_path, name, brand):
    picture = box(b"ftyp", brand.encode() + b"\0\0\0\0mif1heic") + box(b"meta", b"\0" * 40)
    refused = refusal_here(make_file(tmp_path, "a", picture), name=name)
    assert refused.code == "unsupported"
    assert "HEI" in refused.message and "JPEG" in refused.message and "iPhone" in refused.message


def test_a_phone_s_picture_in_a_zip_is_refused_by_name(tmp_path):
    picture = box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", b"\0" * 40)
    refused = refusal_here(make_zip(tmp_path, {"fotos/a.heic": picture}))
    assert "«fotos/a.heic»" in refused.message and "JPEG" in refused.message


@pytest.mark.parametrize(("name", "real"), [("a.pdf", "PNG"), ("a.jpg", "PNG"), ("a.csv", "PNG")])
def test_a_lying_extension_is_refused_with_both_types(tmp_path, name, real):
    path = make_picture(tmp_path, "a.png")
    refused = refusal_here(path, name=name)
    claim = name[2:]
    assert refused.code == "lying"
    assert f"dice ser {claim.upper()} (.{claim}) y es una imagen {real}" in refused.message


@pytest.mark.parametrize("name", ["a.exe", "a.pdf.js", "a.PY", "a.html"])
def test_a_name_that_is_never_accepted_is_refused_though_the_content_is_text(tmp_path, name):
    refused = refusal_here(make_file(tmp_path, "a", b"console.log(1)\n"), name=name)
    assert refused.code == "lying" and "que no se acepta" in refused.message


@pytest.mark.parametrize("name", ["MZ.txt", "BM.csv"])
def test_a_text_that_begins_like_a_program_is_still_a_text(tmp_path, name):
    content = name[:2].encode() + b",ABC\n1,2\n"
    assert identify(make_file(tmp_path, name, content), name).reader == "text_files"


def test_a_pdf_with_a_zip_behind_it_is_refused(tmp_path):
    pdf = make_pdf(tmp_path, ["Uno"]).read_bytes()
    hidden = make_zip(tmp_path, {"a.txt": b"x"}).read_bytes()
    refused = refusal_here(make_file(tmp_path, "p.pdf", pdf + hidden), name="p.pdf")
    assert refused.code == "polyglot" and "ZIP" in refused.message


def test_a_picture_with_a_zip_or_a_pdf_in_it_is_refused(tmp_path):
    picture = make_picture(tmp_path, "a.jpg").read_bytes()
    hidden = make_zip(tmp_path, {"a.txt": b"x"}).read_bytes()
    assert refusal_here(make_file(tmp_path, "b.jpg", picture + hidden)).code == "polyglot"
    comment = b"\xff\xfe\x00\x0b%PDF-1.4 "
    both = picture[:2] + comment + picture[2:]
    assert refusal_here(make_file(tmp_path, "c.jpg", both)).code == "polyglot"


def test_a_pdf_with_something_in_front_or_a_page_inside_its_head_is_refused(tmp_path):
    pdf = make_pdf(tmp_path, ["Uno"]).read_bytes()
    front = make_file(tmp_path, "b.pdf", b"GARBAGE\0\n" + pdf)
    assert refusal_here(front, name="b.pdf").code == "polyglot"
    page = make_file(tmp_path, "c.pdf", pdf[:9] + b"%<html ><script >x</script>\n" + pdf[9:])
    assert refusal_here(page, name="c.pdf").code == "polyglot"


def test_a_text_with_binary_data_further_on_is_refused(tmp_path):
    path = make_file(tmp_path, "a.txt", b"hola\n" * 2_000 + b"\0\x01\x02")
    assert refusal_here(path, name="a.txt").code == "unknown"


def test_a_text_in_no_known_encoding_is_refused(tmp_path):
    assert refusal_here(make_file(tmp_path, "a.txt", b"a\xe1\x81 b")).code == "encoding"


def test_captions_must_be_utf_8_and_hold_a_caption(tmp_path):
    latin = "WEBVTT\n\n00:01.000 --> 00:02.000\nAdiós\n".encode("cp1252")
    assert refusal_here(make_file(tmp_path, "a.vtt", latin)).code == "encoding"
    assert refusal_here(make_file(tmp_path, "b.vtt", b"WEBVTT\n\nnada\n")).code == "damaged"


def test_a_file_above_the_limit_of_bytes_is_refused_with_both_sizes(tmp_path):
    path = make_file(tmp_path, "a.txt", b"a" * 3_200_000)
    refused = refusal_here(path, limits=Limits(max_bytes=2_000_000))
    assert refused.code == "too_big"
    assert "3,2 MB" in refused.message and "2 MB" in refused.message


def test_an_mp4_without_a_picture_is_refused_with_another_way(tmp_path):
    refused = refusal_here(make_file(tmp_path, "a.mp4", mp4_bytes(track=b"soun")))
    assert refused.code == "unsupported" and "MP3" in refused.message


def test_sound_and_video_cut_short_are_refused(tmp_path):
    assert refusal_here(make_file(tmp_path, "a.mp4", mp4_bytes()[:-20])).code == "damaged"
    assert refusal_here(make_file(tmp_path, "b.mp4", mp4_bytes()[:24])).code == "damaged"
    assert refusal_here(make_file(tmp_path, "a.mp3", mp3_bytes(1))).code == "damaged"


@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_office_files_with_macros_are_refused(tmp_path, extension):
    macro = {"docx": "word/vbaProject.bin", "odt": "Basic/Standard/Script-lc.xml"}[extension]
    odd = {"odt": "Basic/script-lc.xml"}.get(extension, macro)
    path = make_zip(tmp_path, office_members(extension) | {odd: b"x"}, f"a.{extension}")
    refused = refusal_here(path, name=f"a.{extension}")
    assert refused.code == "macros" and "Guárdelo sin macros" in refused.message


def test_a_macro_document_renamed_docx_is_refused(tmp_path):
    members = office_members("docx")
    kind = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    members["[Content_Types].xml"] = b'<T><Override ContentType="%s"/></T>' % kind
    assert refusal_here(make_zip(tmp_path, members, "a.docx"), name="a.docx").code == "macros"


def test_an_encrypted_open_document_is_refused(tmp_path):
    manifest = {"META-INF/manifest.xml": b"<m><encryption-data/></m>"}
    path = make_zip(tmp_path, office_members("odt") | manifest, "a.odt")
    assert refusal_here(path).code == "encrypted"


def test_an_office_file_cut_in_half_is_refused(tmp_path):
    whole = make_zip(tmp_path, office_members("docx"), "a.docx").read_bytes()
    path = make_file(tmp_path, "b.docx", whole[: len(whole) // 2])
    assert refusal_here(path, name="b.docx").code == "damaged"


def test_entities_in_an_office_file_are_refused(tmp_path):
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    path = make_zip(tmp_path, office_members("docx") | {"docProps/core.xml": bomb}, "a.docx")
    assert refusal_here(path).code == "damaged"
