"""Build the OpenAPI 3.1 document of the API."""

from typing import Any

from django.conf import settings

from resources.addresses import reverse
from resources.opendata.api.parameters import parameters
from resources.opendata.api.schemas import one_of, schemas
from resources.opendata.record import Site

VERSION = "1.0.0"
PROBLEM = "application/problem+json"


def openapi(site: Site) -> dict[str, Any]:
    """Return the document with the site's address."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"API de {site.name}",
            "version": VERSION,
            "description": "El catálogo de recursos, de solo lectura, sin clave ni registro. Lo que nadie sabe es null.",
        },
        "servers": [{"url": settings.SITE_URL}],
        "externalDocs": {"url": settings.SITE_URL + reverse("api"), "description": "Documentación"},
        "paths": _paths(),
        "components": {"schemas": schemas(), "responses": RESPONSES},
    }


def _paths() -> dict[str, Any]:
    return {
        "/api/v1/recursos": _get(
            "listarRecursos",
            "Lista y busca recursos, con los mismos filtros que la página.",
            "Resultados",
            [_parameter(name) for name in parameters()],
            ("400", "404"),
        ),
        "/api/v1/recursos/{slug}": _get(
            "verRecurso",
            "Da un recurso con todo lo que se sabe de él. Una dirección antigua redirige; un recurso retirado da 410 con el motivo.",
            "Recurso",
            [_SLUG],
            ("400", "404", "410"),
        ),
        "/api/v1/recursos/{slug}/paginas": _get(
            "leerPaginas",
            "Da el texto de cada página del archivo principal de un recurso, si se puede leer aquí.",
            "Paginas",
            [_SLUG],
            ("400", "404", "410"),
        ),
        "/recursos/{slug}/leer.md": {
            "get": {
                "operationId": "leerMarkdown",
                "summary": "Da el mismo texto entero, en Markdown.",
                "parameters": [_SLUG],
                "responses": {
                    "200": {
                        "description": "El texto, con la página de cada parte en un comentario.",
                        "content": {"text/markdown": {"schema": {"type": "string"}}},
                    }
                },
            }
        },
        "/api/v1/secciones": _get(
            "listarSecciones", "Lista las secciones.", "Secciones", [], ("400",)
        ),
        "/api/v1/etiquetas": _get(
            "listarEtiquetas", "Lista las etiquetas en uso.", "Etiquetas", [], ("400",)
        ),
    }


_SLUG = {
    "name": "slug",
    "in": "path",
    "required": True,
    "description": "El nombre del recurso en su dirección.",
    "schema": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
}


def _parameter(name: str) -> dict[str, Any]:
    parameter = parameters()[name]
    schema = parameter.schema
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "schema": {"type": "array", "items": schema} if parameter.is_list else schema,
        **({"style": "form", "explode": True} if parameter.is_list else {}),
    }


def _get(
    name: str, summary: str, schema: str, parameters: list[dict], refusals: tuple[str, ...]
) -> dict[str, Any]:
    good = {
        "description": schemas()[schema]["description"],
        "content": {"application/json": {"schema": one_of(schema)}},
        "headers": {
            "ETag": {
                "description": "Cambia cuando cambia el catálogo: envíelo en If-None-Match.",
                "schema": {"type": "string"},
            }
        },
    }
    refused = {status: {"$ref": f"#/components/responses/{status}"} for status in refusals}
    operation = {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": good, "304": {"description": "Sin cambios."}} | refused,
    }
    return {"get": operation}


def _refusal(description: str) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM: {"schema": one_of("Problema")}}}


RESPONSES = {
    "400": _refusal("Un parámetro no existe o está mal."),
    "404": _refusal("No hay nada en esa dirección."),
    "410": _refusal("Se retiró del catálogo; se dice por qué."),
}
