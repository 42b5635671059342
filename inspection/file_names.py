"""Detect deceptive file names: invisible characters, endings that Windows drops, extensions of programs."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import unquote

from inspection.facts import FileRefused
from inspection.text_cleanup import one_line

PROGRAMS = frozenset(
    "exe com scr pif bat cmd ps1 psm1 psc1 vb vbs vbe js jse mjs ws wsf wsh wsc sct hta msi msp mst msix appx jar jnlp class cpl "
    "dll ocx sys drv reg lnk url website inf scf chm hlp application appref-ms gadget msc msh settingcontent-ms library-ms "
    "search-ms diagcab diagcfg xbap appinstaller apk ipa dmg pkg app deb rpm appimage sh bash zsh csh ksh command desktop action "
    "workflow scpt applescript run py pyw pyc pyz pl rb php asp aspx jsp iso img vhd vhdx docm dotm xlsm xltm xlam xla xll wll "
    "pptm potm ppam ppsm sldm swf".split()
)
"""Extensions that an operating system or an office program runs, or mounts, on a double click."""
_UNSEEN = ("Cc", "Cf", "Zl", "Zp")
"""Unicode categories of characters that are not drawn: controls, bidirectional and zero-width ones, line separators."""
_LINKED_PROGRAMS = frozenset(
    "exe scr pif bat cmd ps1 vbs vbe js jse wsf hta msi cpl lnk jar".split()
)
"""Those of `PROGRAMS` that are no top-level domain: `www.example.com` without a scheme is a page."""
_RUNNING_SCHEME = re.compile(
    r"(?:javascript|vbscript|data|macro|service|slot|\.uno|vnd\.(?:sun\.star|libreoffice)\.[\w.-]+|ms-[\w-]+|search-ms|search|"
    r"shell|powershell|jar|mhtml|mk|its|res|script|view-source|local|cmd):",
    re.IGNORECASE,
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_LOADED = re.compile(r"(?!(?:urn|cid|about|mailto|tel):)[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_LOCAL = re.compile(r"(?:file:/{0,3}|/{3})?[a-z]:(?:[\\/]|$)|(?:file:///)(?![\\/])", re.IGNORECASE)


def refuse_disguised(name: str) -> None:
    """Raise FileRefused for a path whose characters or ending make it look like another one."""
    shown = one_line(name, 80)
    if any(unicodedata.category(character) in _UNSEEN for character in name):
        why = "lleva caracteres invisibles, que pueden mostrar una terminación distinta de la verdadera"
    elif name.endswith((".", " ")):
        why = "termina en punto o en espacio, que Windows quita al guardarlo: cambiaría de tipo"
    else:
        return
    raise FileRefused(
        "disguised",
        f"El nombre «{shown}» {why}. Cámbiele el nombre, con letras y números y la terminación que le "
        "corresponde, y súbalo de nuevo.",
    )


def is_program_name(name: str) -> bool:
    """Return whether a double click on a file of this name runs it."""
    return PurePosixPath(name.strip(" .").lower()).suffix.lstrip(".") in PROGRAMS


def is_running_link(target: str) -> bool:
    """Return whether following a link runs a script or a program instead of opening a page or a document."""
    if target.startswith(("http://", "https://", "mailto:")):  # most are
        return False
    target = "".join(unquote(target).split())
    is_file = not _SCHEME.match(target) or target.lower().startswith("file:")
    path = re.split(r"[?#]", target.replace("\\", "/"))[0]
    is_program = PurePosixPath(path.lower()).suffix.lstrip(".") in _LINKED_PROGRAMS
    return bool(_RUNNING_SCHEME.match(target)) or (is_file and is_program)


def is_remote(target: str) -> bool:
    """Return whether a program that loads `target` fetches it from another computer: a URL or a network share."""
    target = "".join(unquote(unquote(target)).split())
    if _LOCAL.match(target):
        return False
    return bool(_LOADED.match(target)) or target.startswith(("//", "\\\\", "/\\", "\\/"))
