"""What a sharing picture shows, as plain values: the picture is a function of them, and their key names it."""

import hashlib
from dataclasses import astuple, dataclass
from typing import NamedTuple

from resources.kinds.legislation.description import FORCE_LABELS
from resources.models import FileVersion, Resource, Section, SiteSettings
from resources.models.kind_spec import Palette
from resources.motifs import MOTIFS, motif_for

KEY_PREFIX = "1:"
"""Raise the number when drawing.py draws the same contents otherwise: every picture is then drawn again."""
SECTION_PALETTE = Palette("#0b4a5b", "#2f7f93", "#a9d8e2")
"""A section has resources of several kinds, so it wears none of their colours but that of the site."""
SECTION_LABEL = "Sección"


class Badge(NamedTuple):
    """Words, icon and style (a key of BADGES in drawing.py)."""

    words: str
    icon: str
    style: str


SAMPLE = Badge("Muestra", "aviso", "soon")


@dataclass(frozen=True)
class PictureContents:
    """The contents of one picture. Empty values are unknown and leave no gap."""

    icon: str  # of the kind; a name in static/img/icons.svg
    label: str  # the kind, in words
    title: str
    issuer: str
    year: str
    force: str  # a value of `Force`
    is_sample: bool
    site: str
    motif: str  # a name in MOTIFS
    palette: Palette

    @property
    def key(self) -> str:
        """The identity of the picture: equal contents, equal key."""
        return KEY_PREFIX + hashlib.sha256(repr(astuple(self)).encode()).hexdigest()

    @property
    def badges(self) -> list[Badge]:
        """The badges: of force, for a kind that has it, and of a sample."""
        told = FORCE_LABELS.get(self.force)
        force = [Badge(told.badge, told.icon, told.style)] if told else []
        return [*force, SAMPLE] if self.is_sample else force


def resource_contents(
    resource: Resource, main: FileVersion | None, site: SiteSettings
) -> PictureContents:
    """Return the contents for `resource`, whose main version is `main`; no query if the issuer is joined."""
    spec = resource.spec
    return PictureContents(
        icon=spec.icon,
        label=resource.type_label or resource.get_kind_display(),
        title=resource.display_title,
        issuer=resource.issuer.name if resource.issuer else "",
        year=str(resource.issued_on.year) if resource.issued_on else "",
        force=resource.force,
        is_sample=bool(main and main.is_sample and not main.is_withheld),
        site=site.name,
        motif=_known(motif_for(resource.slug, spec.motifs)),
        palette=spec.palette or SECTION_PALETTE,
    )


def section_contents(section: Section, site: SiteSettings) -> PictureContents:
    """Return the contents for `section`: no number of resources, as a chat keeps the picture for good."""
    return PictureContents(
        icon="",
        label=SECTION_LABEL,
        title=section.title,
        issuer=site.owner,
        year="",
        force="",
        is_sample=False,
        site=site.name,
        motif=motif_for(section.slug, tuple(MOTIFS)),
        palette=SECTION_PALETTE,
    )


def _known(motif: str) -> str:
    """Return `motif`, or another one for a kind whose covers were drawn elsewhere."""
    return motif if motif in MOTIFS else motif_for(motif, tuple(MOTIFS))
