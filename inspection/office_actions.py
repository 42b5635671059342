"""Refuse active office files: relationships, field codes, formulas, listeners and links that run, fetch or call programs.

ECMA-376-1 for DOCX, XLSX and PPTX; OpenDocument 1.3, part 3, for ODT, ODS and ODP. Programs store computed
values in the file, so a document can always be saved without any of these.
"""

import re
import zipfile
from xml.etree.ElementTree import ParseError, XMLParser

from inspection.embedded_files import refuse_active_members
from inspection.facts import FileRefused, Job
from inspection.file_names import is_remote, is_running_link
from inspection.formulas import is_active_formula
from inspection.text_cleanup import one_line
from inspection.zip_container import chunks, open_zip, refuse_damaged, refuse_macros

MACROS = (
    "vbaproject.bin",
    "vbadata.xml",
    "/activex/",
    "/macrosheets/",
    "/basic/",
    "scripts/",
)
"""Parts of names of members that hold programs."""
_ODF_PARTS = ("content.xml", "styles.xml", "meta.xml", "settings.xml")
_TELLING = (
    b"| \0 &# cdata[ <!-- ddelink olelink dbpr webpr olappr textpr dde webservice image rtd call register exec sql.request import"
).split(b" ")
"""Parts of a workbook without any of these do nothing, and are not parsed: sheets of a hundred megabytes have none."""
_OVERLAP = 64
_QUOTED_CODES = re.compile(r"\s*QUOTE((?:\s+\d{1,3})+)\s*", re.IGNORECASE)
_FETCHING_FIELDS = frozenset(
    ["INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "DATABASE", "LINK", "RD"]
)
_ADDRESS = re.compile(r"(?:^|[\s\"])((?:https?|ftps?|file):/[^\s\"]*|\\{2}[^\s\"]+)", re.IGNORECASE)
_DATA_MODEL = "Data Model Connection"
_LINKS = frozenset("a form button event-listener area-rectangle area-circle area-polygon".split())
"""OpenDocument elements whose address is followed by a click only."""
_HOW = "Quítelo en su programa y guárdelo de nuevo, o expórtelo como PDF, y suba ese archivo."


def refuse_active_zip(job: Job) -> None:
    """Raise FileRefused where a ZIP or office file inside another file is active."""
    with open_zip(job.path, job.limits) as archive:
        for name in ("META-INF/MANIFEST.MF", "AndroidManifest.xml"):
            if name in archive.namelist() and "[Content_Types].xml" not in archive.namelist():
                raise FileRefused("executable", "Es un programa de Java o de Android.")
        refuse_active_office(archive, job)


def refuse_active_office(archive: zipfile.ZipFile, job: Job) -> None:
    """Raise FileRefused where a member is a program, or a part runs or fetches something."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    is_open = "mimetype" in archive.namelist()
    for entry in entries:
        name = f"/{entry.filename.lower()}"
        if any(program in name for program in MACROS):
            refuse_macros()
        if is_open and name.rpartition("/")[2] in _ODF_PARTS:
            _watch(archive, entry, OdfScanner())
        elif not is_open and _is_to_be_parsed(archive, entry):
            _watch(archive, entry, OoxmlScanner())
    refuse_active_members(archive, job, entries)


def refuse_active_content(what: str, how: str = _HOW, code: str = "active") -> None:
    """Raise the refusal of a document with active content."""
    raise FileRefused(code, f"El documento contiene {what}. {how}")


def _is_to_be_parsed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    name = entry.filename.lower()
    if not name.endswith((".xml", ".rels", ".vml")) or name.endswith("sharedstrings.xml"):
        return False  # data, or words alone
    if not name.startswith("xl/") or name.endswith((".rels", ".vml")):
        return True
    before, instructions = b"", 0
    for chunk in chunks(archive, entry):
        text = (before + chunk).lower()
        instructions += chunk.count(b"<?")  # one begins the part; another may cut a word in two
        if instructions > 1 or any(word in text for word in _TELLING):
            return True
        before = chunk[-_OVERLAP:]
    return False


def _watch(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, watch: object) -> None:
    """Parse a part without building a tree; no office program opens one that is not well-formed."""
    parser = XMLParser(target=watch)  # noqa: S314 - no DTD, no tree, and the child has its limits
    try:
        for chunk in chunks(archive, entry):
            parser.feed(chunk)
        parser.close()
    except (ParseError, ValueError, LookupError):
        return


class PartScanner:
    """The base of the parser targets for both families of formats."""

    def doctype(self, name: str, public: str, system: str) -> None:
        """Refuse entities, as `parse_xml` does."""
        refuse_damaged("DTD in office XML")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Check the start of an element."""

    def data(self, text: str) -> None:
        """Check text."""

    def end(self, tag: str) -> None:
        """Check the end of an element."""

    def close(self) -> None:
        """Do nothing at the end of the part."""


class OoxmlScanner(PartScanner):
    """Detect active content in a part of a DOCX, XLSX or PPTX file."""

    def __init__(self) -> None:
        self.fields: list[list[str]] = []
        """The codes of the fields that are open (17.16), the innermost last, in pieces; runs may cut a word in two."""
        self.collected: list[str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Check relationships, field codes, formulas, connections, actions and pictures of old drawings."""
        name = tag.rpartition("}")[2]
        if name == "Relationship":
            _check_relationship(attributes)
        elif name in ("instrText", "f", "definedName") or name.startswith("formula"):
            self.collected = []
        elif name == "fldSimple":
            _check_field(_value(attributes, "instr"))
        elif name == "fldChar":
            self._field_mark(_value(attributes, "fldCharType"))
        elif name in ("ddeLink", "oleLink"):
            refuse_active_content("un vínculo DDE u OLE, que llama a otro programa")
        elif name in ("dbPr", "webPr", "olapPr", "textPr"):
            _check_connection(name, attributes)
        elif name in ("imagedata", "fill", "stroke"):
            if is_remote(_value(attributes, "src")):
                refuse_active_content("una imagen que se carga de otra dirección")
        elif "action" in attributes and attributes["action"].lower().startswith(
            ("ppaction://program", "ppaction://macro")
        ):
            refuse_active_content("un botón que ejecuta un programa o una macro")

    def data(self, text: str) -> None:
        """Collect the text of formulas and field codes."""
        if self.collected is not None:
            self.collected.append(text)

    def end(self, tag: str) -> None:
        """Check a formula; add text to the field around it."""
        name = tag.rpartition("}")[2]
        if self.collected is None:
            return
        text, self.collected = "".join(self.collected), None
        if name == "instrText":
            if self.fields:
                self.fields[-1].append(text)
            else:
                _check_field(text)
        elif is_active_formula(text):
            refuse_active_content(
                "una fórmula que llama a otro programa o carga datos de otra dirección",
                "En Excel, cópiela y péguela como valores, guarde el archivo y súbalo de nuevo.",
            )

    def _field_mark(self, mark: str) -> None:
        if mark == "begin":
            self.fields.append([])
        elif mark in ("separate", "end") and self.fields:
            code = "".join(self.fields[-1])
            _check_field(code)
            if mark == "end":
                self.fields.pop()
                quoted = _QUOTED_CODES.fullmatch(code)
                if quoted and self.fields:  # its result is part of the outer field's code
                    self.fields[-1].append("".join(chr(int(n)) for n in quoted[1].split()))


def _value(attributes: dict[str, str], name: str) -> str:
    """Return an attribute by its local name, whatever its namespace."""
    return next((v for k, v in attributes.items() if k.rpartition("}")[2] == name), "")


def _check_relationship(attributes: dict[str, str]) -> None:
    """Check an external target (ECMA-376-2, 9.3); links to click and resources at a local path pass."""
    kind = attributes.get("Type", "").rpartition("/")[2].lower()
    target = attributes.get("Target", "")
    is_external = attributes.get("TargetMode", "").lower() == "external"
    if kind == "hyperlink":
        if is_running_link(target):
            refuse_active_content("un enlace que ejecuta un programa o un guion")
    elif kind == "oleobject" and is_external:
        refuse_active_content(
            "un objeto OLE vinculado, que se carga de otro archivo", code="external"
        )
    elif is_remote(target) and (is_external or not target.startswith("/")):
        _refuse_remote(kind, target)


def _refuse_remote(kind: str, target: str) -> None:
    what, how = {
        "attachedtemplate": (
            "una plantilla que se carga de otra dirección",
            "En Word, en «Programador», «Plantilla de documento», elija Normal.dotm, guárdelo y súbalo de nuevo, o "
            "expórtelo como PDF.",
        ),
        "image": (
            "una imagen que se carga de otra dirección",
            "Insértela desde su equipo en lugar de vincularla, guarde el archivo y súbalo de nuevo.",
        ),
        "externallinkpath": (
            "vínculos a otro libro que se carga de otra dirección",
            "En Excel, en «Datos», «Editar vínculos», elija «Romper vínculo», guárdelo y súbalo de nuevo.",
        ),
    }.get(kind, ("algo que se carga de otra dirección", _HOW))
    refuse_active_content(f"{what} ({one_line(target, 60)})", how, "external")


def _check_connection(name: str, attributes: dict[str, str]) -> None:
    is_local = {
        "dbPr": attributes.get("connection") == _DATA_MODEL,
        "olapPr": True,  # stands beside dbPr
        "textPr": not is_remote(attributes.get("sourceFile", "")),
        "webPr": not attributes.get("url"),
    }
    if not is_local[name]:
        refuse_active_content(
            "una conexión que carga datos de una base o de una dirección",
            "En Excel, en «Datos», «Consultas y conexiones», elimínela, guarde el archivo y súbalo de nuevo.",
            "external",
        )


def _check_field(code: str) -> None:
    """Check a field code (17.16.5) by its type: DDE ones start a program, others fetch from their address."""
    words = code.split()
    kind = words[0].upper() if words else ""
    how = "En Word, márquelo y pulse Ctrl+Mayús+F9 para dejarlo como texto, guárdelo y súbalo de nuevo."
    if kind in ("DDE", "DDEAUTO"):
        refuse_active_content("un campo DDE, que llama a otro programa", how)
    address = _ADDRESS.search(code) if kind in _FETCHING_FIELDS else None
    if address and is_remote(address[1].replace("\\\\", "\\") if ":" in address[1] else address[1]):
        refuse_active_content("un campo que carga algo de otra dirección", how, "external")
    if kind == "HYPERLINK" and len(words) > 1 and is_running_link(words[1].strip('"')):
        refuse_active_content("un enlace que ejecuta un programa o un guion", how)


class OdfScanner(PartScanner):
    """Detect active content in a part of an OpenDocument file."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Check scripts, listeners, DDE, loaded addresses and formulas."""
        name = tag.rpartition("}")[2]
        space = tag[: -len(name)]
        if name in ("script", "execute-macro", "applet") or (
            name == "event-listener" and "presentation" not in space
        ):
            refuse_macros()
        if name in ("dde-source", "dde-link", "dde-connection", "dde-connection-decl"):
            refuse_active_content("un vínculo DDE, que llama a otro programa")
        for key, value in attributes.items():
            local = key.rpartition("}")[2]
            if local == "href":
                _check_address(name, value)
            elif local == "formula" and is_active_formula(value):
                refuse_active_content(
                    "una fórmula que llama a otro programa o carga datos de otra dirección"
                )
            elif local == "action" and value == "execute":
                refuse_active_content("un botón que ejecuta un programa")


def _check_address(element: str, target: str) -> None:
    if is_running_link(target):
        refuse_active_content("un enlace que ejecuta un programa o una macro")
    if element not in _LINKS and is_remote(target):
        refuse_active_content(
            f"algo que se carga de otra dirección ({one_line(target, 60)})", code="external"
        )
