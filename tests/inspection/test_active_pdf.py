"""A PDF that runs, fetches or sends something by itself is refused; forms, signatures, outlines and attachments are not."""

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from tests.inspection.makers import (
    facts_here,
    make_file,
    make_zip,
    new_pdf,
    office_members,
    pdf_bytes,
    raw_pdf,
    refusal,
    refusal_here,
)

PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff" + b"\0" * 200


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def launch() -> Dictionary:
    return Dictionary(S=Name.Launch, F=String("calc.exe"))


def saved(folder: Path, pdf: Pdf, **options) -> Path:
    return make_file(folder, "a.pdf", pdf_bytes(pdf, **options))


def attach(pdf: Pdf, name: str, content: bytes) -> None:
    stream = pdf.make_stream(content, Type=Name.EmbeddedFile)
    file = Dictionary(Type=Name.Filespec, F=String(name), UF=String(name), EF=Dictionary(F=stream))
    names = Dictionary(Names=Array([String(name), pdf.make_indirect(file)]))
    pdf.Root.Names = Dictionary(EmbeddedFiles=names)


def annotate(pdf: Pdf, **keys) -> None:
    base = {"Type": Name.Annot, "Subtype": Name.Link, "Rect": Array([0, 0, 9, 9])}
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(Dictionary(**base | keys))])


def open_with(pdf, action):
    pdf.Root.OpenAction = action


def page_trigger(pdf, action):
    pdf.pages[0].obj.AA = Dictionary(O=action)


def closing(pdf, action):
    pdf.Root.AA = Dictionary(WC=action)


def field(pdf, action):
    made = Dictionary(FT=Name.Tx, T=String("monto"), AA=Dictionary(K=action))
    pdf.Root.AcroForm = Dictionary(Fields=Array([Dictionary(T=String("f"), Kids=Array([made]))]))


def hidden_field(pdf, action):
    """A field that only its widget leads to."""
    annotate(pdf, Subtype=Name.Widget, Parent=Dictionary(FT=Name.Tx, AA=Dictionary(F=action)))


def name_tree(pdf, action):
    leaf = Dictionary(Names=Array([String("x"), action]))
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Kids=Array([leaf])))


def link(pdf, action):
    annotate(pdf, A=action)


def bookmark(pdf, action):
    first = pdf.make_indirect(Dictionary(Title=String("Uno"), A=action))
    pdf.Root.Outlines = Dictionary(First=first, Last=first, Count=1)


def follow_up(pdf, action):
    inner = pdf.make_indirect(Dictionary(S=Name.Named, N=Name.NextPage, Next=Array([action])))
    annotate(pdf, A=Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=inner))


PLACES = [
    open_with,
    page_trigger,
    closing,
    field,
    hidden_field,
    name_tree,
    link,
    bookmark,
    follow_up,
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
@pytest.mark.parametrize("action", [script, launch], ids=["script", "launch"])
def test_a_script_or_a_launch_action_is_refused_wherever_it_stands(tmp_path, place, action):
    pdf = new_pdf(["Uno"])
    place(pdf, action())
    refused = refusal_here(saved(tmp_path, pdf))
    assert refused.code == "active"
    assert "Guardar como PDF" in refused.message


@pytest.mark.parametrize(
    "options",
    [
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"encryption": pikepdf.Encryption(user="", owner="x")},
    ],
    ids=["object streams", "owner password"],
)
def test_a_script_is_found_however_the_file_is_written(tmp_path, options):
    pdf = new_pdf(["Uno"])
    pdf.Root.OpenAction = pdf.make_indirect(script())
    assert refusal_here(saved(tmp_path, pdf, **options)).code == "active"


def test_a_script_under_an_escaped_name_in_a_stream_is_found(tmp_path):
    pdf = new_pdf(["Uno"])
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pdf.make_stream(b"app.alert(1)"))
    content = pdf_bytes(pdf).replace(b"/JavaScript", b"/J#61vaScript")
    path = make_file(tmp_path, "a.pdf", content)
    assert refusal_here(path).code == "active"


def test_a_script_added_by_an_incremental_update_is_found_and_one_left_behind_is_not(tmp_path):
    plain = pdf_bytes(new_pdf(["Uno"]))
    root = b"1 0 obj\n<</Type/Catalog/Pages %s/OpenAction<</S/JavaScript/JS(x)>>>>\nendobj\n"
    with pikepdf.open(make_file(tmp_path, "b.pdf", plain)) as pdf:
        pages, number = pdf.Root.Pages.objgen[0], pdf.Root.objgen[0]
        size = len(pdf.objects) + 1
    update = root.replace(b"1 0 obj", b"%d 0 obj" % number) % (b"%d 0 R" % pages)
    at = len(plain) + 1
    before = int(plain.rsplit(b"startxref\n", 1)[1].split()[0])
    tail = b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root %d 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    whole = plain + b"\n" + update + tail % (number, at, size, number, before, at + len(update))
    assert refusal_here(make_file(tmp_path, "a.pdf", whole)).code == "active"
    unused = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</S/JavaScript/JS(app.alert)>>",
    ]
    assert facts_here(make_file(tmp_path, "c.pdf", raw_pdf(unused)))["pages"] == 1


def test_a_script_in_a_damaged_pdf_is_found_after_its_repair(tmp_path):
    pdf = new_pdf(["Uno"])
    pdf.Root.OpenAction = script()
    broken = pdf_bytes(pdf).rsplit(b"startxref", 1)[0]
    assert refusal_here(make_file(tmp_path, "a.pdf", broken)).code == "active"


@pytest.mark.parametrize("place", [open_with, page_trigger, closing], ids=lambda p: p.__name__)
@pytest.mark.parametrize("kind", ["URI", "SubmitForm", "GoToR"])
def test_an_action_that_leaves_the_document_by_itself_is_refused(tmp_path, place, kind):
    pdf = new_pdf(["Uno"])
    place(pdf, Dictionary(S=Name(f"/{kind}"), URI=String("https://a.ec"), F=String("b.pdf")))
    assert refusal_here(saved(tmp_path, pdf)).code == "active"


def test_data_taken_from_another_file_or_a_link_that_runs_a_program_is_refused(tmp_path):
    for action in (
        Dictionary(S=Name.ImportData, F=String("b.fdf")),
        Dictionary(S=Name.URI, URI=String("javascript:alert(1)")),
        Dictionary(S=Name.URI, URI=String("file:///C:/Windows/System32/cmd.exe")),
        Dictionary(S=Name.Rendition, JS=String("app.alert(1)")),
    ):
        pdf = new_pdf(["Uno"])
        annotate(pdf, A=action)
        assert refusal_here(saved(tmp_path, pdf)).code == "active"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", b"x", "executable"),
        ("datos.txt", PROGRAM, "executable"),
        ("a.txt", b"#!/bin/sh\nrm\n", "executable"),
        ("macro.docm", b"PK", "executable"),
        ("informe.js", b"alert(1)", "executable"),
        ("animacion", b"CWS\x09\0\0\0\0", "executable"),
        ("a.rar", b"Rar!\x1a\x07\x01\0", "archive"),
        ("pagina.dat", b"<html><script>x</script>", "html"),
        ("inf\u202efdp.txt", b"x", "disguised"),
    ],
)
def test_a_program_attached_to_a_pdf_is_refused(tmp_path, name, content, code):
    pdf = new_pdf(["Uno"])
    attach(pdf, name, content)
    refused = refusal_here(saved(tmp_path, pdf))
    assert refused.code == code
    assert "El PDF lleva adjunto" in refused.message and "Guardar como PDF" in refused.message


def test_a_program_in_an_attachment_annotation_or_deeper_is_refused(tmp_path):
    pdf = new_pdf(["Uno"])
    stream = pdf.make_stream(PROGRAM)
    annotate(
        pdf, Subtype=Name.FileAttachment, FS=Dictionary(F=String("a"), EF=Dictionary(F=stream))
    )
    assert refusal_here(saved(tmp_path, pdf)).code == "executable"
    inner = new_pdf(["Dos"])
    inner.Root.OpenAction = script()
    archive = make_zip(tmp_path, {"b.pdf": pdf_bytes(inner)}).read_bytes()
    outer = new_pdf(["Tres"])
    attach(outer, "anexos.zip", archive)
    assert refusal_here(saved(tmp_path, outer)).code == "active"


def test_scripts_in_an_xfa_form_are_refused(tmp_path):
    pdf = new_pdf(["Uno"])
    form = b"<template><event><script contentType='application/x-javascript'>x()</script></event></template>"
    packets = Array([String("template"), pdf.make_stream(form)])
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=packets)
    assert refusal_here(saved(tmp_path, pdf)).code == "active"


def test_actions_in_cycles_come_to_an_end(tmp_path):
    pdf = new_pdf(["Uno"])
    first = pdf.make_indirect(Dictionary(S=Name.GoTo, D=Array([0, Name.Fit])))
    first.Next = Array([first])
    annotate(pdf, A=first)
    assert facts_here(saved(tmp_path, pdf))["pages"] == 1
    pdf.Root.OpenAction = first
    assert refusal_here(saved(tmp_path, pdf)).code == "active"


def test_an_active_pdf_in_a_zip_is_refused_by_name(tmp_path):
    pdf = new_pdf(["Uno"])
    pdf.Root.OpenAction = script()
    refused = refusal(make_zip(tmp_path, {"bien.txt": b"hola\n", "mal.pdf": pdf_bytes(pdf)}))
    assert refused.code == "active" and "«mal.pdf»" in refused.message


def test_honest_pdfs_are_let_in(tmp_path):
    pdf = new_pdf(["Uno", "Dos"])
    page = pdf.pages[1].obj
    pdf.Root.OpenAction = Array([page, Name.Fit])
    pdf.Root.AA = Dictionary(DP=Dictionary(S=Name.GoTo, D=Array([page, Name.Fit])))
    button = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Btn,
        T=String("enviar"),
        Rect=Array([0, 0, 9, 9]),
        A=Dictionary(S=Name.SubmitForm, F=String("mailto:a@municipio.ec")),
        AA=Dictionary(U=Dictionary(S=Name.URI, URI=String("https://municipio.ec"))),
    )
    text = Dictionary(FT=Name.Tx, T=String("nombre"), V=String("JavaScript"))
    signature = Dictionary(FT=Name.Sig, V=Dictionary(Type=Name.Sig, Contents=String("x")))
    fields = [pdf.make_indirect(one) for one in (button, text, signature)]
    pdf.Root.AcroForm = Dictionary(Fields=Array(fields))
    links = [
        Dictionary(S=Name.URI, URI=String("https://municipio.ec/programa.exe")),
        Dictionary(S=Name.GoToR, F=String("anexo.pdf"), D=Array([0, Name.Fit])),
        Dictionary(S=Name.JavaScript, JS=String(" ")),
    ]
    page.Annots = Array([Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], A=one) for one in links])
    attach(pdf, "factura.xml", b'<?xml version="1.0"?><factura/>')
    pdf.Root.StructTreeRoot = Dictionary(K=Dictionary(S=Name.Launch, Type=Name.StructElem))
    assert facts_here(saved(tmp_path, pdf))["text_status"] == "ok"


@pytest.mark.parametrize("extension", ["docx", "ods"])
def test_documents_pictures_and_data_may_be_attached_to_a_pdf(tmp_path, extension):
    document = make_zip(tmp_path, office_members(extension), f"b.{extension}").read_bytes()
    for name, content in (
        (f"b.{extension}", document),
        ("b.pdf", pdf_bytes(new_pdf(["Dos"]))),
        ("b.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0'/></svg>"),
        ("firma.p7s", b"0\x82\x01\x02"),
    ):
        pdf = new_pdf(["Uno"])
        attach(pdf, name, content)
        assert facts_here(saved(tmp_path, pdf))["pages"] == 1


def test_a_stream_whose_data_stand_elsewhere_is_refused(tmp_path):
    pdf = new_pdf(["Texto"])
    file = Dictionary(FS=Name.URL, F=String("http://a.example/x.png"))
    picture = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, F=file)
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=picture))
    assert refusal_here(saved(tmp_path, pdf)).code == "active"


def test_a_link_to_a_program_in_another_file_is_refused(tmp_path):
    pdf = new_pdf(["Texto"])
    away = Dictionary(S=Name.GoToR, F=String("\\\\a.example\\a.exe"), D=Array([0, Name.Fit]))
    annotate(pdf, A=away)
    assert refusal_here(saved(tmp_path, pdf)).code == "active"
