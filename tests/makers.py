"""Plain functions that make what a test needs; every value may be given, none has to be."""

import hashlib
import io
import os
import textwrap
import time
from itertools import count
from pathlib import Path
from typing import Any

import pikepdf
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from resources.files.ingest import examine
from resources.files.versions import store_version
from resources.kinds.document import Document
from resources.kinds.infographic import Infographic
from resources.kinds.legislation.models import LegalInstrument
from resources.kinds.video import Video
from resources.models import FileVersion, Resource, ResourceFile, Section
from search.index.writer import batch_index_updates

_numbers = count(1)


def make_section(**values: Any) -> Section:
    """Make a section."""
    return Section.objects.create(**{"title": f"Sección {next(_numbers)}"} | values)


@batch_index_updates()
def make_resource(model: type[Resource], tags: tuple[str, ...] = (), **values: Any) -> Resource:
    """Make a published resource of `model`, in a section of its own unless one is given."""
    defaults = {
        "title": f"Recurso {next(_numbers)}",
        "summary": "De qué trata.",
        "status": "published",
    }
    values = defaults | values
    if "section" not in values:
        values["section"] = make_section()
    if values["status"] == "withdrawn":
        values = {"withdrawn_reason": "Ya no corresponde.", "withdrawn_on": timezone.now()} | values
    if values["status"] in ("published", "withdrawn"):
        values.setdefault("published_at", timezone.now() - timezone.timedelta(days=1))
    resource = model.objects.create(**values)
    resource.tags.add(*tags)
    return resource


def make_document(**values: Any) -> Document:
    """Make a published document."""
    return make_resource(Document, **values)


def make_infographic(**values: Any) -> Infographic:
    """Make a published infographic with both its texts."""
    texts = {
        "alt_text": "Tres columnas.",
        "text_alternative": "## Pilares\n\n- Transparencia",
        "summary": "",
    }
    return make_resource(Infographic, **texts | values)


def make_law(**values: Any) -> LegalInstrument:
    """Make a published legal instrument whose record nobody has checked."""
    return make_resource(LegalInstrument, **values)


def make_video(**values: Any) -> Video:
    """Make a published video without an address."""
    return make_resource(Video, **{"link_pending": True} | values)


def make_editor(group: str = "", username: str = "", **values: Any) -> Any:
    """Make a person who may sign in to the desk: of `group`, or able to do everything without one."""
    user = get_user_model().objects.create_user(
        username or f"persona{next(_numbers)}",
        password="clave-de-prueba",
        is_staff=True,
        is_superuser=not group,
        **values,
    )
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


def pdf_bytes(*pages: str, title: str = "") -> bytes:
    """Draw a PDF with one page for each text (one blank page without any); a long text in lines."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    for text in pages or ("",):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        lines = textwrap.wrap(escaped, 70) if len(escaped) > 90 else [escaped]
        shown = " T* ".join(f"({line}) Tj" for line in lines)
        drawing = f"BT /F1 14 Tf 16 TL 60 800 Td {shown} ET".encode("cp1252")
        page.Contents = pdf.make_stream(drawing)
    if title:
        pdf.docinfo["/Title"] = title
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def png_bytes(width: int = 600, height: int = 800, colour: str = "#17552f") -> bytes:
    """Draw a PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "PNG")
    return out.getvalue()


def make_file(
    resource: Resource,
    content: bytes | None = None,
    name: str = "guia.pdf",
    *,
    folder: Path,
    slot: ResourceFile | None = None,
    note: str = "",
    **values: Any,
) -> FileVersion:
    """Store `content` (a one-page PDF unless given) as a new file of `resource`, or as the next version of `slot`."""
    path = folder / f"{next(_numbers)}-{name}"
    path.write_bytes(pdf_bytes("Texto de prueba") if content is None else content)
    is_sample = values.pop("is_sample", False)
    slot = slot or ResourceFile(resource=resource, **values)
    with examine(path, name) as examined:
        return store_version(slot, examined, change_note=note, is_sample=is_sample)


@batch_index_updates()
def put_file(
    resource: Resource, content: bytes = b"%PDF-1.7", name: str = "guia.pdf", **values: Any
) -> FileVersion:
    """Store `content` as a new file of `resource` without inspecting it: for tests to which facts do not matter."""
    names = {"media_type", "is_sample", "number", "change_note", "created"}
    said = {key: values.pop(key) for key in names & values.keys()}
    taken = resource.files.filter(file_name=name).exists()
    slot = values.pop("slot", None) or ResourceFile.objects.create(
        resource=resource, file_name=f"{next(_numbers)}-{name}" if taken else name, **values
    )
    version = FileVersion(file=slot, size=len(content), sha256=hashlib.sha256(content).hexdigest())
    for key, value in ({"number": 1, "media_type": "application/pdf"} | said).items():
        setattr(version, key, value)
    version.stored.save(slot.file_name, ContentFile(content), save=False)
    version.save()
    slot.current = version
    slot.save()
    return version


def date_now(path: str | Path) -> None:
    """Date a file by the clock that the tests go by: the disk has its own."""
    os.utime(path, (time.time(),) * 2)
