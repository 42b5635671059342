"""From what an editor wrote about a licence to its address, where the text names one beyond doubt."""

import re

from django.utils.encoding import iri_to_uri

ADDRESS = re.compile(r"https?://[^\s<>()\"']+[^\s<>()\"'.,;:]")
VERSIONS = r"(?P<version>[1-4]\.0)"
SHORT = re.compile(rf"\bcc[ -]by(?P<terms>(?:-(?:sa|nc|nd))*)[ -]{VERSIONS}(?![\d.])", re.ASCII)
LONG = re.compile(
    r"\bcreative commons (?:atribución|reconocimiento|attribution)"
    r"(?P<terms>(?:[ –-]+(?:compartirigual|sharealike|no ?comercial|noncommercial"
    r"|sin ?(?:obras ?)?derivad[ao]s|noderiv(?:ative)?s))*)"
    rf"[ ,]+{VERSIONS}(?![\d.])"
)
ZERO = re.compile(r"\bcc0(?: 1\.0)?\b(?!\.)")
TERMS = (
    ("nc", re.compile("no ?comercial|noncommercial|-nc")),
    ("nd", re.compile("derivad|noderiv|-nd")),
    ("sa", re.compile("compartirigual|sharealike|-sa")),
)
CREATIVE_COMMONS = "https://creativecommons.org"


def licence_url(text: str) -> str:
    """Return the address of the licence that `text` names: one written in it, or Creative Commons'; else "".

    Creative Commons licences count only with their version: without it they are several.
    """
    if written := ADDRESS.search(text):
        return iri_to_uri(written[0])
    lower = " ".join(text.lower().split())
    if ZERO.search(lower):
        return f"{CREATIVE_COMMONS}/publicdomain/zero/1.0/"
    if not (named := SHORT.search(lower) or LONG.search(lower)):
        return ""
    terms = "".join(f"-{term}" for term, pattern in TERMS if pattern.search(named["terms"]))
    return f"{CREATIVE_COMMONS}/licenses/by{terms}/{named['version']}/"
