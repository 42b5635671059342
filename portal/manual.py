"""Show the editors' manual (docs/manual-editorial.md) as an admin page, and link each admin page to its chapter."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.text import slugify
from PIL import Image

from resources.models.kind_spec import all_kinds

SOURCE = "manual-editorial.md"
HELP_CHAPTERS = {
    "index": "la-mesa",
    "resources_resource_add": "de-un-pdf-a-una-pagina-publicada",
    "resources_resource_intake": "de-un-pdf-a-una-pagina-publicada",
    "resources_resource_twin": "archivos-repetidos",
    "resources_resource_changelist": "lo-que-necesita-cuidado",
    "resources_section_": "ordenar-una-seccion",
    "resources_tag_": "etiquetas-secciones-y-entidades",
    "resources_organization_": "etiquetas-secciones-y-entidades",
    "search_synonym_": "sinonimos-de-la-busqueda",
    "resources_sitesettings_": "el-portal-y-sus-paginas",
    "resources_page_": "el-portal-y-sus-paginas",
    "resources_redirect_": "cambiar-la-direccion-de-un-recurso",
    "resources_link_": "enlaces-rotos",
    "participation_": "responder-solicitudes-y-reportes",
    "auth_": "cuentas-y-grupos",
}
"""Beginning of the name of an admin page → anchor of the chapter about it; KindSpec.help_chapter for a kind."""

_PICTURE = re.compile(r"^!\[([^\]]*)\]\(img/([a-z0-9-]+\.png)\)$", re.M)


class Block(NamedTuple):
    """A piece of a chapter: Markdown, or a picture with its text alternative and size in pixels."""

    text: str = ""
    picture: str = ""
    width: int = 0
    height: int = 0


class Chapter(NamedTuple):
    """One task of the manual; `slug` is its anchor."""

    title: str
    slug: str
    blocks: tuple[Block, ...]


def manual_urls(site: AdminSite) -> list[URLPattern]:
    """Return the URL patterns of the manual."""

    def manual(request: HttpRequest) -> HttpResponse:
        context = {**site.each_context(request), "title": "Manual", "chapters": chapters()}
        return TemplateResponse(request, "admin/manual.html", context)

    return [
        path("ayuda/", site.admin_view(manual), name="manual"),
        path("ayuda/imagenes/<slug:name>.png", site.admin_view(picture), name="manual-picture"),
    ]


def picture(request: HttpRequest, name: str) -> FileResponse:
    """Serve a picture that the manual shows; any other name is a 404."""
    shown = {block.picture for chapter in chapters() for block in chapter.blocks if block.picture}
    if f"{name}.png" not in shown:
        raise Http404("El manual no tiene esa imagen.")
    return FileResponse(_pictures().joinpath(f"{name}.png").open("rb"), content_type="image/png")


@lru_cache(maxsize=1)
def chapters() -> tuple[Chapter, ...]:
    """Return the manual's chapters, cached: they change with the code only."""
    text = (settings.BASE_DIR / "docs" / SOURCE).read_text("utf-8")
    _, *parts = re.split(r"^## ", text, flags=re.M)
    return tuple(_chapter(*part.split("\n", 1)) for part in parts)


def chapter_for(request: HttpRequest) -> str:
    """Return the anchor of the chapter about the page of `request`; "" for the whole manual."""
    name = (request.resolver_match.url_name if request.resolver_match else None) or ""
    of_kinds = {f"resources_{spec.name}_": spec.help_anchor for spec in all_kinds()}
    starts = HELP_CHAPTERS | of_kinds
    return next((anchor for start, anchor in starts.items() if name.startswith(start)), "")


def _chapter(title: str, body: str) -> Chapter:
    blocks: list[Block] = []
    end = 0
    for match in _PICTURE.finditer(body):
        blocks.append(Block(body[end : match.start()]))
        with Image.open(_pictures() / match.group(2)) as shown:
            blocks.append(Block(match.group(1), match.group(2), *shown.size))
        end = match.end()
    blocks.append(Block(body[end:]))
    kept = (block for block in blocks if block.picture or block.text.strip())
    return Chapter(title.strip(), slugify(title), tuple(kept))


def _pictures() -> Path:
    return settings.BASE_DIR / "docs" / "img"
