"""Files drawn for the tests, good and hostile; nothing here is stored in the repository."""

import io
import struct
import zipfile
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageCms

from inspection import FileFacts, FileRefused, Limits, inspect_file
from inspection.examine import examine
from inspection.facts import Job

TYPES = "application/vnd.openxmlformats-officedocument."
MAIN_PARTS = {
    "docx": ("wordprocessingml.document", "word/document.xml"),
    "xlsx": ("spreadsheetml.sheet", "xl/workbook.xml"),
    "pptx": ("presentationml.presentation", "ppt/presentation.xml"),
}
GPS = {0: b"\x02\x03\0\0", 1: "S", 2: (0.0, 10.0, 48.0), 3: "W", 4: (78.0, 28.0, 12.0)}


def inspect(path: Path, **options: Any) -> FileFacts:
    """`inspect_file` with places of its own, so that tests never wait for each other."""
    return inspect_file(path, slots_dir=path.parent / "slots", **options)


def refusal(path: Path, **options: Any) -> FileRefused:
    """The refusal that a file must meet, its message checked to say something and what to do."""
    try:
        facts = inspect(path, **options)
    except FileRefused as refused:
        assert len(refused.message) > 40 and refused.message.count(".") >= 2, refused.message
        return refused
    raise AssertionError(f"accepted: {facts}")


def refusal_here(path: Path, name: str = "", limits: Limits | None = None) -> FileRefused:
    """The same refusal without a child process, for files that are only lies and no danger."""
    try:
        lines = list(examine(Job(path, name, limits=limits or Limits())))
    except FileRefused as refused:
        assert len(refused.message) > 40 and refused.message.count(".") >= 2, refused.message
        return refused
    raise AssertionError(f"accepted: {lines}")


def facts_here(path: Path, name: str = "") -> dict[str, Any]:
    """The facts of a file that must be accepted, without a child process."""
    found: dict[str, Any] = {"notes": [], "pages_read": []}
    for line in examine(Job(path, name)):
        facts = line.get("facts", {})
        found["notes"] += facts.pop("notes", [])
        found |= facts
        found["pages_read"] += [line["page"]] if "page" in line else []
    return found


def make_file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def new_pdf(texts: list[str], **page: Any) -> pikepdf.Pdf:
    """A PDF with one line or more of Helvetica on each page; an empty text is an empty page."""
    pdf = pikepdf.new()
    font = Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding
    )
    fonts = pdf.make_indirect(Dictionary(F1=pdf.make_indirect(font)))
    for text in texts:
        lines = text.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)").split(b"\n")
        shown = b" ".join(b"(%s) Tj T*" % line for line in lines if line)
        content = b"BT /F1 12 Tf 72 700 Td 14 TL %s ET" % shown
        attributes = {"MediaBox": Array([0, 0, 595, 842]), **page}
        made = Dictionary(
            Type=Name.Page,
            Resources=Dictionary(Font=fonts),
            Contents=pdf.make_stream(content),
            **attributes,
        )
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(made)))
    return pdf


def pdf_bytes(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, static_id=not options.get("encryption"), **options)
    return out.getvalue()


def make_pdf(folder: Path, texts: list[str], name: str = "a.pdf", **page: Any) -> Path:
    return make_file(folder, name, pdf_bytes(new_pdf(texts, **page)))


def make_drawn_pdf(folder: Path, *drawn: str) -> Path:
    """A PDF whose pages are drawn by these operators, with /F1 for Helvetica."""
    pdf = new_pdf([""] * len(drawn))
    for page, operators in zip(pdf.pages, drawn, strict=True):
        page.Contents = pdf.make_stream(operators.encode("cp1252"))
    return make_file(folder, "a.pdf", pdf_bytes(pdf))


def make_described_pdf(folder: Path) -> Path:
    """Two pages with title, date, language, tags and an outline of two levels."""
    pdf = new_pdf(["Artículo uno", "Artículo dos"])
    pdf.docinfo = pdf.make_indirect(
        Dictionary(Title=String("Ley de ejemplo"), CreationDate=String("D:20240229101500-05'00'"))
    )
    pdf.Root.Lang = String("es_ec")
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    with pdf.open_outline() as outline:
        first = pikepdf.OutlineItem("Título I", 0)
        first.children.append(pikepdf.OutlineItem("Capítulo 1", 1))
        outline.root.append(first)
    return make_file(folder, "ley.pdf", pdf_bytes(pdf))


def flate_bomb(unpacked: int) -> bytes:
    """So many bytes of spaces, compressed a thousandfold."""
    packer, block = zlib.compressobj(9), b" " * 1_000_000
    return b"".join(packer.compress(block) for _ in range(unpacked // len(block))) + packer.flush()


def raw_pdf(objects: list[bytes]) -> bytes:
    """A PDF from its bare objects, the catalogue first; its table of offsets is true."""
    out, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\n"
        b"startxref\n%d\n%%%%EOF\n" % (size, table, size, len(out))
    )


def make_zip(folder: Path, members: dict[str, bytes], name: str = "a.zip", method: int = 8) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", method) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path


def office_members(extension: str) -> dict[str, bytes]:
    """A minimal office file: its declaration, its text and what it says of itself."""
    if extension in MAIN_PARTS:
        kind, main = MAIN_PARTS[extension]
        override = f'<Override PartName="/{main}" ContentType="{TYPES}{kind}.main+xml"/>'
        core = (
            '<c:p xmlns:c="urn:c" xmlns:dc="urn:dc"><dc:title>Plan anual</dc:title>'
            "<dc:language>es-EC</dc:language><c:created>2023-05-04T00:00:00Z</c:created></c:p>"
        )
        members = {"[Content_Types].xml": f'<Types xmlns="urn:t">{override}</Types>', main: "<a/>"}
        members |= {"docProps/core.xml": core}
        text = '<w:d xmlns:w="urn:w"><w:p><w:r><w:t>Gestión</w:t></w:r></w:p></w:d>'
        place = {"docx": main, "xlsx": "xl/sharedStrings.xml", "pptx": "ppt/slides/slide1.xml"}
        members[place[extension]] = text
    else:
        kind = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}[extension]
        meta = (
            '<o:m xmlns:o="urn:o" xmlns:dc="urn:dc"><dc:title>Plan anual</dc:title>'
            "<dc:language>es-EC</dc:language><o:creation-date>2023-05-04T00:00:00"
            "</o:creation-date></o:m>"
        )
        members = {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": '<t:d xmlns:t="urn:t"><t:p>Ges<t:s>tión</t:s></t:p></t:d>',
            "meta.xml": meta,
        }
    return {name: text.encode() for name, text in members.items()}


def make_office(folder: Path, extension: str, **more: bytes) -> Path:
    members = office_members(extension) | more
    return make_zip(folder, members, f"a.{extension}")


def make_picture(folder: Path, name: str, size: tuple[int, int] = (40, 20), **options: Any) -> Path:
    """A picture whose left half is red and right half is blue."""
    image = Image.new("RGB", size, (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    path = folder / name
    image.save(path, **options)
    return path


def located_exif(orientation: int = 6) -> Image.Exif:
    """EXIF data with a place in Quito, a camera and an orientation."""
    exif = Image.Exif()
    exif[271], exif[274] = "Camara secreta", orientation
    exif.get_ifd(0x8825).update(GPS)
    return exif


@cache
def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims its size and holds next to nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        framed = kind + content
        return struct.pack(">I", len(content)) + framed + struct.pack(">I", zlib.crc32(framed))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1_000))
    return b"\x89PNG\r\n\x1a\n" + header + data + chunk(b"IEND", b"")


def mp3_bytes(frames: int = 100) -> bytes:
    """Silence: frames of 128 kbit/s at 44.1 kHz, 417 bytes and 26 ms each, behind an ID3 tag."""
    return b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10 + (b"\xff\xfb\x90\x00" + b"\0" * 413) * frames


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def mp4_bytes(seconds: int = 7, index_first: bool = True, track: bytes = b"vide") -> bytes:
    header = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 1_000, seconds * 1_000) + b"\0" * 80)
    handler = box(b"hdlr", b"\0" * 8 + track + b"\0" * 12)
    tracks = box(b"trak", box(b"mdia", handler))
    parts = [box(b"moov", header + tracks), box(b"mdat", b"\0" * 64)]
    ordered = parts if index_first else parts[::-1]
    return box(b"ftyp", b"isom\0\0\0\0isomavc1") + b"".join(ordered)


def compound_bytes(streams: dict[str, bytes], storage: str = "") -> bytes:
    """A compound file ([MS-CFB]) with these streams in its root, or in a storage; each fills whole sectors, without a mini stream."""
    none, end = 0xFFFFFFFF, 0xFFFFFFFE
    padded = {name: content.ljust(4_096, b"\0") for name, content in streams.items()}
    table, data, entries = [0xFFFFFFFD, end], b"", []
    for name, content in padded.items():
        count = -(-len(content) // 512)
        start = len(table)
        table += [*range(start + 1, start + count), end]
        data += content.ljust(count * 512, b"\0")
        entries.append((name, 2, none, start, len(content)))
    if storage:
        entries.append((storage, 1, 1, 0, 0))
    root = ("Root Entry", 5, len(entries), end, 0)
    directory = b""
    for number, (name, kind, child, start, size) in enumerate([root, *entries]):
        title = name.encode("utf-16-le") + b"\0\0"
        left = number - 1 if number > 1 else none
        if storage and number == len(entries):
            left = none
        directory += title.ljust(64, b"\0") + struct.pack(
            "<HBB3I", len(title), kind, 1, left, none, child
        )
        directory += b"\0" * 36 + struct.pack("<IQ", start, size)
    directory = directory.ljust(512, b"\0")
    assert len(directory) == 512 and len(table) <= 128
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4_096, end, 0, end, 0) + struct.pack(
        "<109I", 0, *[none] * 108
    )
    sectors = struct.pack("<128I", *table, *[none] * (128 - len(table)))
    return header + sectors + directory + data
