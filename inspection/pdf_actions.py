"""Refuse active PDFs: actions (ISO 32000-2, 12.6) and embedded files (7.11.4) that run, fetch or send by themselves.

Only objects that a viewer reaches from the catalogue count, not the unused ones of an incremental update.
"""

import re
from collections.abc import Iterator
from itertools import chain
from typing import TypeGuard

import pikepdf
from pikepdf import Object, ObjectType

from inspection.embedded_files import refuse_active_bytes
from inspection.facts import FileRefused, Job
from inspection.file_names import is_running_link
from inspection.pdf_repair import refuse_encrypted
from inspection.text_cleanup import one_line

REMEDY = "Ábralo en un navegador, elija «Imprimir» y «Guardar como PDF», y suba esa copia, que se ve igual y no lo lleva."
_FORM_REMEDY = "Ábralo en Adobe Reader, imprímalo desde allí como PDF y suba esa copia: un navegador no muestra este formulario."
_SCRIPT = "instrucciones en JavaScript, que se ejecutan en el equipo de quien lo abre"
_SCRIPTS = frozenset(["/JS", "/OnInstantiate"])
_RUNNING = {
    "/Launch": "una acción que abre otro programa o archivo en el equipo de quien lo lee",
    "/ImportData": "una acción que toma datos de otro archivo del equipo de quien lo lee",
    "/RichMediaExecute": "una acción que ejecuta instrucciones en un objeto multimedia",
}
_OUTWARD = frozenset(["/URI", "/SubmitForm", "/GoToR", "/GoToE", "/Thread"])
"""Actions that may leave the document: a person may choose them, and nothing may start them alone."""
_BY_CLICK = frozenset(["/U", "/D"])
"""Triggers of additional actions (12.6.3) that a person sets off by pressing a button; the others come by themselves."""
_COMPOUND = (ObjectType.array, ObjectType.dictionary, ObjectType.stream)
_UNSCANNED = frozenset(
    "/StructTreeRoot /SE /Resources /Contents /AP /MK /Metadata /PieceInfo /Thumb /P /Group /BS /IC /Rect /MediaBox /CropBox "
    "/BleedBox /TrimBox /ArtBox /Border /QuadPoints /Vertices /InkList /Type /Subtype /StructParent /StructParents /Rotate "
    "/Tabs /Title /DA /FT /Ff /Count /DSS /Perms /OCProperties".split()
)
"""Keys under which no viewer looks for actions or attachments: drawing, structure, geometry. They are most of a large file."""
_MAX_CHAIN = 1_000
_MAX_ATTACHMENTS = 2_000
_XFA_SCRIPT = re.compile(rb"<(?:[\w.-]+:)?script(?:\s[^>]*)?(?<!/)>(?!\s*</)")


def refuse_active_pdf_file(job: Job) -> None:
    """Raise FileRefused where a PDF inside another file is active; one that does not open harms nobody."""
    try:
        with pikepdf.open(job.path) as document:
            refuse_active_pdf(document, job)
    except pikepdf.PasswordError:
        refuse_encrypted()
    except pikepdf.PdfError:
        return


def refuse_active_pdf(document: pikepdf.Pdf, job: Job) -> None:
    """Raise FileRefused where the document runs, fetches or sends something by itself, or carries a program."""
    _refuse_automatic(document.Root.get("/OpenAction"))
    _refuse_form_script(document)
    _refuse_external_data(document)
    attached = 0
    for found in _reachable(document.Root):
        keys = found.keys()
        if "/S" in keys or keys & _SCRIPTS:
            _refuse_running(found, keys)
        if "/AA" in keys:
            _refuse_triggers(found.get("/AA"))
        if "/URI" in keys and is_running_link(_words(found.get("/URI"))):
            _refuse("un enlace que ejecuta un programa o un guion")
        if "/D" in keys and "/F" in keys and is_running_link(_file_name(found.get("/F"))):
            _refuse("un enlace que abre un programa")
        if "/EF" in keys:
            attached += 1
            if attached > _MAX_ATTACHMENTS:
                _refuse("más archivos adjuntos de los que se pueden revisar")
            _refuse_attachment(found, job)


def _refuse(what: str, remedy: str = REMEDY) -> None:
    raise FileRefused(
        "active",
        f"El PDF contiene {what}. Aquí solo se publican documentos que no hacen nada por sí mismos. {remedy}",
    )


def _reachable(root: Object) -> Iterator[Object]:
    """Yield the dictionaries and streams that a viewer reaches, without recursion: the file chooses nesting and cycles."""
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        here = waiting.pop()
        if here.is_indirect:
            if here.objgen in seen:
                continue
            seen.add(here.objgen)
        if here._type_code == ObjectType.array:
            waiting.extend(value for value in here if _is_compound(value))
            continue
        yield here
        waiting.extend(
            value for key in here.keys() - _UNSCANNED if _is_compound(value := here.get(key))
        )


def _is_compound(value: object) -> TypeGuard[Object]:
    return isinstance(value, Object) and value._type_code in _COMPOUND


def _refuse_running(found: Object, keys: set[str]) -> None:
    kind = str(found.get("/S", ""))
    if kind in _RUNNING:
        _refuse(_RUNNING[kind])
    if any(_words(found.get(key)).strip() for key in keys & _SCRIPTS):
        _refuse(_SCRIPT)
    clip = found.get("/D") if kind == "/MCD" else None
    if _is_dictionary(clip) and str(clip.get("/FS", "")) == "/URL":
        _refuse("un video o un audio que se carga de otra dirección")


def _refuse_external_data(document: pikepdf.Pdf) -> None:
    """Refuse streams with data in another file or at an address (7.3.8.2), and imported pages (8.10.4)."""
    for found in document.objects:
        if _is_stream(found) and ("/F" in found or "/Ref" in found):
            _refuse("contenido que se carga de otro archivo o de otra dirección")


def _refuse_triggers(triggers: object) -> None:
    if _is_dictionary(triggers):
        for name in triggers.keys() - _BY_CLICK:
            _refuse_automatic(triggers.get(name))


def _refuse_automatic(action: object) -> None:
    """Refuse an action that starts by itself and leaves the document, or a chained one (`Next`)."""
    waiting = [action]
    for _ in range(_MAX_CHAIN):
        if not waiting:
            return
        here = waiting.pop()
        if not _is_dictionary(here):
            continue
        kind = str(here.get("/S", ""))
        if kind in _OUTWARD and (kind in ("/URI", "/SubmitForm") or "/F" in here):
            _refuse("una acción que abre una dirección o envía datos sin que nadie lo pida")
        following = here.get("/Next")
        waiting.extend(following if isinstance(following, pikepdf.Array) else [following])
    _refuse("una cadena de acciones demasiado larga")


def _file_name(file: object) -> str:
    """Return the name in a file specification (7.11.2), a string or a dictionary."""
    if _is_dictionary(file):
        return next(filter(None, (_words(file.get(key)) for key in ("/UF", "/F"))), "")
    return _words(file)


def _is_dictionary(value: object) -> TypeGuard[Object]:
    return isinstance(value, Object) and value._type_code == ObjectType.dictionary


def _is_stream(value: object) -> TypeGuard[Object]:
    """Return whether a value is a stream; numbers and truth values are Python's own, even where they are indirect."""
    return isinstance(value, Object) and value._type_code == ObjectType.stream


def _words(value: object) -> str:
    """Return the text of a string or a stream; "" for anything else."""
    if not isinstance(value, Object):
        return ""
    if value._type_code == ObjectType.stream:
        return content_of(value).decode("latin-1")
    return str(value) if value._type_code == ObjectType.string else ""


def _refuse_attachment(file: Object, job: Job) -> None:
    """Inspect the bytes of a file specification under each of its names."""
    names = [_words(file.get(key)) for key in ("/UF", "/F", "/DOS", "/Mac", "/Unix")]
    copies = file.EF
    found = (value for _, value in copies.items()) if _is_dictionary(copies) else ()
    for stream in {value.objgen: value for value in found if _is_stream(value)}.values():
        for name in dict.fromkeys(filter(None, names)) or [""]:
            try:
                refuse_active_bytes([content_of(stream)], name.rpartition("/")[2], job)
            except FileRefused as inner:
                raise FileRefused(
                    inner.code,
                    f"El PDF lleva adjunto «{one_line(name, 80)}», que no se publica. {inner.message} {REMEDY}",
                    inner.detail,
                ) from inner


def _refuse_form_script(document: pikepdf.Pdf) -> None:
    """Refuse scripts in the XML of an XFA form."""
    if _XFA_SCRIPT.search(xfa(document).replace(b"\0", b"")):
        what = "un formulario con instrucciones que se ejecutan en el equipo de quien lo abre"
        _refuse(what, _FORM_REMEDY)


def xfa(document: pikepdf.Pdf) -> bytes:
    """Return the XML of an XFA form, joined from its packets; b"" for a document without one."""
    form = document.Root.get("/AcroForm")
    packets = form.get("/XFA") if _is_dictionary(form) else None
    if packets is None:
        return b""
    parts = chain(packets) if isinstance(packets, pikepdf.Array) else [packets]
    return b"".join(content_of(part) for part in parts if _is_stream(part))


def content_of(stream: Object) -> bytes:
    """Return the bytes of a stream, undecoded where its filters fail."""
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()
