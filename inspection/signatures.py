"""The accepted file types, and the magic numbers of the refused ones, with reasons."""

from dataclasses import dataclass

OOXML = "application/vnd.openxmlformats-officedocument."
ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class FileType:
    """An accepted type: its permitted extensions (`names`) and the module that reads it (`reader`)."""

    media_type: str
    extension: str
    label: str
    reader: str
    names: tuple[str, ...]


def _type(media_type: str, names: str, label: str, reader: str) -> FileType:
    every = tuple(names.split())
    return FileType(media_type, every[0], label, reader, every)


ALLOWED: dict[str, FileType] = {
    known.extension: known
    for known in (
        _type("application/pdf", "pdf", "un documento PDF", "pdf"),
        _type(OOXML + "wordprocessingml.document", "docx", "un documento de Word", "office"),
        _type(OOXML + "spreadsheetml.sheet", "xlsx", "una hoja de cálculo de Excel", "office"),
        _type(
            OOXML + "presentationml.presentation",
            "pptx",
            "una presentación de PowerPoint",
            "office",
        ),
        _type(ODF + "text", "odt", "un documento de texto OpenDocument", "office"),
        _type(ODF + "spreadsheet", "ods", "una hoja de cálculo OpenDocument", "office"),
        _type(ODF + "presentation", "odp", "una presentación OpenDocument", "office"),
        _type("text/csv", "csv", "una tabla CSV", "text_files"),
        _type("text/plain", "txt", "un archivo de texto", "text_files"),
        _type("text/vtt", "vtt", "un archivo de subtítulos WebVTT", "text_files"),
        _type("application/x-subrip", "srt", "un archivo de subtítulos SubRip", "text_files"),
        _type("application/zip", "zip", "un archivo ZIP", "archives"),
        _type("image/png", "png", "una imagen PNG", "pictures"),
        _type("image/jpeg", "jpg jpeg jpe jfif", "una imagen JPEG", "pictures"),
        _type("image/webp", "webp", "una imagen WebP", "pictures"),
        _type("audio/mpeg", "mp3", "un audio MP3", "media"),
        _type("video/mp4", "mp4 m4v", "un video MP4", "media"),
    )
}
"""The allow-list, by usual extension."""

ALLOWED_IN_WORDS = (
    "Se aceptan PDF, documentos de Office (DOCX, XLSX, PPTX) y OpenDocument (ODT, ODS, ODP), "
    "CSV, TXT, ZIP, imágenes PNG, JPEG y WebP, audio MP3, video MP4 y subtítulos VTT y SRT."
)


@dataclass(frozen=True)
class Refused:
    """A magic number at an offset (bytes) of a refused type: its name, and the remedy."""

    offset: int
    magic: bytes
    code: str
    label: str
    advice: str


PROGRAM_ADVICE = (
    "Los programas no se publican aquí, porque podrían dañar el equipo de quien los descargue."
)
_ARCHIVE = "Descomprímalo y vuelva a comprimirlo como ZIP, o suba los archivos por separado."
_PICTURE = "Guarde la imagen como PNG, JPEG o WebP y súbala de nuevo."
_PHONE_PICTURE = (
    "Es el formato de las fotos de iPhone y de algunos Android, que muchos navegadores no muestran. Guárdela como JPEG: en el "
    "iPhone, en «Fotos», «Compartir», «Opciones», elija «Más compatible» y envíesela; en una computadora, ábrala y expórtela "
    "como JPEG. Suba esa copia."
)
_VIDEO = "Conviértalo a MP4 (video H.264, audio AAC) y súbalo de nuevo."
_SOUND = "Conviértalo a MP3 y súbalo de nuevo."
_DOCUMENT = "Ábralo y guárdelo como PDF, DOCX u ODT, y suba ese archivo."

REFUSED: tuple[Refused, ...] = (
    Refused(0, b"MZ", "executable", "un programa de Windows", PROGRAM_ADVICE),
    Refused(0, b"\x7fELF", "executable", "un programa de Linux", PROGRAM_ADVICE),
    Refused(0, b"\xfe\xed\xfa\xce", "executable", "un programa de macOS", PROGRAM_ADVICE),
    Refused(0, b"\xfe\xed\xfa\xcf", "executable", "un programa de macOS", PROGRAM_ADVICE),
    Refused(0, b"\xce\xfa\xed\xfe", "executable", "un programa de macOS", PROGRAM_ADVICE),
    Refused(0, b"\xcf\xfa\xed\xfe", "executable", "un programa de macOS", PROGRAM_ADVICE),
    Refused(0, b"\xca\xfe\xba\xbe", "executable", "un programa de Java o de macOS", PROGRAM_ADVICE),
    Refused(0, b"dex\n", "executable", "un programa de Android", PROGRAM_ADVICE),
    Refused(0, b"\0asm", "executable", "un programa WebAssembly", PROGRAM_ADVICE),
    Refused(0, b"#!", "executable", "un guion ejecutable", PROGRAM_ADVICE),
    Refused(
        0, b"L\0\0\0\x01\x14\x02\0", "executable", "un acceso directo de Windows", PROGRAM_ADVICE
    ),
    Refused(0, b"FWS", "executable", "una animación Flash", PROGRAM_ADVICE),
    Refused(0, b"CWS", "executable", "una animación Flash", PROGRAM_ADVICE),
    Refused(0, b"ZWS", "executable", "una animación Flash", PROGRAM_ADVICE),
    Refused(0, b"ITSF\x03\0", "executable", "un archivo de ayuda CHM", PROGRAM_ADVICE),
    Refused(0, b"!<arch>\n", "executable", "un paquete de programas", PROGRAM_ADVICE),
    Refused(0, b"\xed\xab\xee\xdb", "executable", "un paquete de programas", PROGRAM_ADVICE),
    Refused(0, b"Rar!\x1a\x07", "archive", "un archivo RAR", _ARCHIVE),
    Refused(0, b"7z\xbc\xaf\x27\x1c", "archive", "un archivo 7z", _ARCHIVE),
    Refused(0, b"\x1f\x8b", "archive", "un archivo comprimido GZIP", _ARCHIVE),
    Refused(0, b"BZh", "archive", "un archivo comprimido BZIP2", _ARCHIVE),
    Refused(0, b"\xfd7zXZ\0", "archive", "un archivo comprimido XZ", _ARCHIVE),
    Refused(0, b"\x28\xb5\x2f\xfd", "archive", "un archivo comprimido Zstandard", _ARCHIVE),
    Refused(0, b"MSCF", "archive", "un archivo CAB de Windows", _ARCHIVE),
    Refused(257, b"ustar", "archive", "un archivo TAR", _ARCHIVE),
    Refused(0, b"{\\rtf", "unsupported", "un documento RTF", _DOCUMENT),
    Refused(0, b"%!PS", "unsupported", "un archivo PostScript", _DOCUMENT),
    Refused(0, b"\xc5\xd0\xd3\xc6", "unsupported", "un archivo PostScript (EPS)", _DOCUMENT),
    Refused(0, b"GIF8", "unsupported", "una imagen GIF", _PICTURE),
    Refused(0, b"BM", "unsupported", "una imagen BMP", _PICTURE),
    Refused(0, b"II*\0", "unsupported", "una imagen TIFF", _PICTURE),
    Refused(0, b"MM\0*", "unsupported", "una imagen TIFF", _PICTURE),
    Refused(0, b"8BPS", "unsupported", "una imagen de Photoshop", _PICTURE),
    Refused(0, b"\0\0\0\x0cjP  ", "unsupported", "una imagen JPEG 2000", _PICTURE),
    Refused(4, b"ftypavif", "unsupported", "una imagen AVIF", _PICTURE),
    Refused(4, b"ftypavis", "unsupported", "una imagen AVIF", _PICTURE),
    Refused(4, b"ftyphei", "unsupported", "una imagen HEIC", _PHONE_PICTURE),
    Refused(4, b"ftyphev", "unsupported", "una imagen HEIC", _PHONE_PICTURE),
    Refused(4, b"ftypmif", "unsupported", "una imagen HEIF", _PHONE_PICTURE),
    Refused(4, b"ftypmsf", "unsupported", "una imagen HEIF", _PHONE_PICTURE),
    Refused(4, b"ftypmiaf", "unsupported", "una imagen HEIF", _PHONE_PICTURE),
    Refused(4, b"ftypcrx", "unsupported", "una imagen RAW de una cámara", _PICTURE),
    Refused(4, b"ftypjxl", "unsupported", "una imagen JPEG XL", _PICTURE),
    Refused(0, b"\0\0\0\x0cJXL ", "unsupported", "una imagen JPEG XL", _PICTURE),
    Refused(4, b"ftypqt", "unsupported", "un video QuickTime (MOV)", _VIDEO),
    Refused(4, b"ftypM4A", "unsupported", "un audio M4A", _SOUND),
    Refused(4, b"ftypM4B", "unsupported", "un audio M4B", _SOUND),
    Refused(0, b"\x1aE\xdf\xa3", "unsupported", "un video WebM o MKV", _VIDEO),
    Refused(8, b"AVI ", "unsupported", "un video AVI", _VIDEO),
    Refused(8, b"WAVE", "unsupported", "un audio WAV", _SOUND),
    Refused(0, b"OggS", "unsupported", "un audio o video Ogg", _SOUND),
    Refused(0, b"fLaC", "unsupported", "un audio FLAC", _SOUND),
    Refused(0, b"SQLite format 3\0", "unsupported", "una base de datos SQLite", "Expórtela a CSV."),
    Refused(
        0,
        b"\xff\xfe",
        "encoding",
        "un archivo de texto en UTF-16",
        "Ábralo en un editor y guárdelo con la codificación UTF-8 (en Excel: «CSV UTF-8»).",
    ),
    Refused(
        0,
        b"\xfe\xff",
        "encoding",
        "un archivo de texto en UTF-16",
        "Ábralo en un editor y guárdelo con la codificación UTF-8 (en Excel: «CSV UTF-8»).",
    ),
)
"""A signature of a few letters, such as `MZ` or `BM`, is only believed of binary data."""

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Old Office files, and encrypted new ones ([MS-CFB])."""
