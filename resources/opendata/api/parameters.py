"""Declare and validate the query parameters of the API."""

import re
from dataclasses import dataclass

from django.http import QueryDict

from resources.listing.facets import FACETS, NO_YEAR, choice_slugs
from resources.listing.request import INSIDE, LAST_PAGE, ORDER, ORDERS, PAGE, WORDS
from resources.models.kind_spec import all_kinds

PER_PAGE = "por_pagina"
MOST_PER_PAGE = 100
DEFAULT_PER_PAGE = 20
YEAR = rf"^([0-9]{{1,4}}|{NO_YEAR})$"
SLUG = r"^[-a-zA-Z0-9_]+$"
FORMAT = r"^[a-zA-Z0-9]+$"


@dataclass(frozen=True)
class Parameter:
    """A query parameter with its JSON Schema; `is_list` if it may be repeated."""

    name: str
    description: str
    schema: dict
    is_list: bool = False

    @property
    def rule(self) -> str:
        """The rule for a value in words; "" where any text is allowed."""
        if "enum" in self.schema:
            return f"uno de estos valores: {', '.join(self.schema['enum'])}"
        if "maximum" in self.schema:
            return f"un número entero del {self.schema['minimum']} al {self.schema['maximum']}"
        if self.schema.get("pattern") == YEAR:
            return f"un año, o {NO_YEAR}"
        return "letras sin tildes, cifras y guiones" if "pattern" in self.schema else ""

    def allows(self, value: str) -> bool:
        """Return whether the schema allows `value`."""
        if "enum" in self.schema:
            return value in self.schema["enum"]
        if "maximum" in self.schema:
            is_number = value.isascii() and value.isdigit() and len(value) < 9
            return is_number and self.schema["minimum"] <= int(value) <= self.schema["maximum"]
        pattern = self.schema.get("pattern")
        return bool(re.search(pattern, value)) and "\n" not in value if pattern else True


def _words(param: str) -> dict:
    return {"type": "string", "enum": choice_slugs(param)}


def _number(most: int, default: int) -> dict:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": default}


def _text(pattern: str = "") -> dict:
    return {"type": "string"} | ({"pattern": pattern} if pattern else {})


_FILTERS = {
    "vigencia": ("De un instrumento legal: si está vigente.", _words("vigencia")),
    "seccion": ("El slug de una sección (véase /api/v1/secciones).", _text(SLUG)),
    "etiqueta": ("El slug de una etiqueta (véase /api/v1/etiquetas).", _text(SLUG)),
    "entidad": ("El slug de la entidad que lo emitió.", _text(SLUG)),
    "anio": (f"El año de emisión, o {NO_YEAR}.", _text(YEAR)),
    "formato": ("La extensión de un archivo: pdf, png, docx.", _text(FORMAT)),
    "idioma": ("El código del idioma.", _words("idioma")),
    "accesible": ("Si tiene un archivo accesible.", _words("accesible")),
}


def parameters() -> dict[str, Parameter]:
    """Return the parameters by their names."""
    kinds = {"type": "string", "enum": [spec.slug for spec in all_kinds()]}
    filters: dict[str, tuple[str, dict]] = {"tipo": ("Qué es.", kinds)} | _FILTERS
    return {
        parameter.name: parameter
        for parameter in (
            Parameter(
                WORDS,
                "Palabras que buscar en los títulos y dentro de los archivos; «entre comillas», una frase; -palabra, sin ella.",
                _text(),
            ),
            *(Parameter(facet.param, *filters[facet.param], is_list=True) for facet in FACETS),
            Parameter(INSIDE, "El slug de un recurso: se busca solo dentro de él.", _text(SLUG)),
            Parameter(ORDER, "El orden.", {"type": "string", "enum": [*ORDERS]}),
            Parameter(PAGE, "La página de resultados.", _number(LAST_PAGE, 1)),
            Parameter(
                PER_PAGE, "Cuántos recursos por página.", _number(MOST_PER_PAGE, DEFAULT_PER_PAGE)
            ),
        )
    }


def errors(params: QueryDict, allowed: dict[str, Parameter]) -> list[dict[str, str]]:
    """Return the errors of the query parameters in Spanish, one for each."""
    found = []
    for name, values in params.lists():
        parameter = allowed.get(name)
        if parameter is None:
            found.append(_fault(name, "Este parámetro no existe."))
        elif len(values) > 1 and not parameter.is_list:
            found.append(_fault(name, "Escríbalo una sola vez."))
        elif not all(parameter.allows(value) for value in values):
            found.append(_fault(name, f"Debe ser {parameter.rule}."))
    return found


def _fault(name: str, detail: str) -> dict[str, str]:
    return {"nombre": name[:100], "detalle": detail}
