"""Declare the JSON Schemas of the API's responses."""

from collections.abc import Callable, Iterable
from typing import Any

from resources.listing.facets import choice_slugs
from resources.models.kind_spec import all_kinds
from resources.opendata.api.serializers import ACTS
from resources.opendata.fields import FILE_FIELDS, Field, resource_fields

Schema = dict[str, Any]
FORCES = choice_slugs("vigencia")
LANGUAGES = choice_slugs("idioma")


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description} | more


def _maybe(schema: Schema) -> Schema:
    """Allow null in a schema."""
    closed = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return schema | {"type": [schema["type"], "null"]} | closed


def _url(description: str) -> Schema:
    return _text(description, format="uri")


def _day(description: str) -> Schema:
    return _text(f"{description} (AAAA-MM-DD).", format="date")


def _moment(description: str) -> Schema:
    return _text(description, format="date-time")


def _number(description: str) -> Schema:
    return {"type": "integer", "minimum": 0, "description": description}


def _yes_or_no(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def _object(description: str, **properties: Schema) -> Schema:
    """Return the schema of an object with these properties, all required."""
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _many(name: str, description: str = "") -> Schema:
    said = {"description": description} if description else {}
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}} | said


def one_of(name: str, *, maybe: bool = False) -> Schema:
    """Return a reference to one of the schemas; `maybe` lets null stand for it."""
    reference = {"$ref": f"#/components/schemas/{name}"}
    return {"anyOf": [reference, {"type": "null"}]} if maybe else reference


SHELF = {
    "slug": _text("Su nombre en las direcciones."),
    "titulo": _text("Cómo se llama."),
    "url": _url("Su página."),
}


def _property(field: Field) -> Schema:
    """Return the schema of a field in the API."""
    name, _, many = field.type.partition("[")
    if many:
        return _many(name, field.description)
    if name in ("Seccion", "Entidad"):
        return one_of(name, maybe=field.is_optional)
    schema = _TYPES[name](field.description)
    return _maybe(schema) if field.is_optional else schema


_TYPES: dict[str, Callable[[str], Schema]] = {
    "text": _text,
    "url": _url,
    "day": lambda said: _day(said.removesuffix(".")),
    "moment": _moment,
    "number": _number,
    "flag": _yes_or_no,
    "kind": lambda said: _text(said, enum=[spec.slug for spec in all_kinds()]),
    "force": lambda said: _text(said, enum=FORCES),
    "language": lambda said: _text(said, enum=LANGUAGES),
    "sha256": lambda said: _text(said, pattern="^[0-9a-f]{64}$"),
}


def _properties(fields: Iterable[Field]) -> dict[str, Schema]:
    return {field.api: _property(field) for field in fields if field.api}


def schemas() -> dict[str, Schema]:
    """Return the schemas of all answers by their names."""
    resource = _properties(resource_fields())
    return {
        "Resultados": _object(
            "Una página de la lista de recursos.",
            total=_number("Cuántos recursos hay."),
            total_es_minimo=_yes_or_no("Hay más de los que dice «total»: no se contaron todos."),
            pagina=_number("Esta página."),
            paginas=_number("Cuántas páginas hay."),
            por_pagina=_number("Cuántos recursos hay en cada página."),
            enlaces=one_of("Enlaces"),
            corregido=_maybe(
                _text("La pregunta que se respondió en lugar de «q», si no se halló nada.")
            ),
            alguna_palabra=_yes_or_no(
                "Los resultados tienen alguna de las palabras; pocos o ninguno las tienen todas."
            ),
            recursos=_many("Resultado"),
        ),
        "Enlaces": _object(
            "Las demás páginas de la misma lista.",
            esta=_url("Esta página."),
            primera=_url("La primera."),
            anterior=_maybe(_url("La anterior.")),
            siguiente=_maybe(_url("La siguiente.")),
            ultima=_url("La última."),
        ),
        "Resultado": _object(
            "Un recurso de la lista.",
            **resource,
            pasajes=_many("Pasaje", "Si se buscaron palabras: dónde están."),
            mas_pasajes=_number("Cuántas páginas más responden igual de bien."),
        ),
        "Recurso": _object(
            "Un recurso con todo lo que se sabe de él.",
            **resource,
            texto=_maybe(
                _text(
                    "La alternativa en texto de una infografía o la transcripción de un video (Markdown)."
                )
            ),
            norma=one_of("Norma", maybe=True),
        ),
        "Paginas": _object(
            "El texto de un documento, página por página. Vale el archivo.",
            recurso=_text("El nombre del recurso en su dirección."),
            version=_number("La versión del archivo de la que se tomó."),
            sha256=_text("La huella del archivo."),
            idioma=_text("El idioma del archivo (BCP 47)."),
            paginas=_many("Pagina"),
        ),
        "Pagina": _object(
            "El texto de una página.",
            pagina=_number("Su número en el archivo, desde 1."),
            texto=_text("El texto, un bloque por línea."),
            corregida=_yes_or_no("Una persona corrigió el texto."),
            dudosa=_yes_or_no("El texto puede estar desordenado o incompleto."),
            url=_url("Dónde se lee."),
        ),
        "Archivo": _object("La versión actual de un archivo.", **_properties(FILE_FIELDS)),
        "Norma": _object(
            "Lo que se sabe de un instrumento legal.",
            vigencia=_text("Si está vigente.", enum=FORCES),
            vigencia_en_palabras=_text("Lo mismo, en una frase."),
            verificado=_maybe(_day("Cuándo se comprobó por última vez")),
            sin_verificar_desde=_maybe(
                _day("Desde cuándo no se comprueba, si la comprobación venció")
            ),
            identificador=_maybe(
                _text("El número o, si no tiene, su publicación en el Registro Oficial.")
            ),
            numero=_maybe(_text("El número.")),
            registro_oficial=_maybe(_text("La edición y el número del Registro Oficial.")),
            fecha_registro_oficial=_maybe(_day("La fecha del Registro Oficial")),
            en_vigencia_desde=_maybe(_day("Cuándo entró en vigencia")),
            derogado_desde=_maybe(_day("Cuándo se derogó")),
            evidencia=_maybe(_url("La página oficial donde se comprueba.")),
            nota_evidencia=_maybe(_text("De dónde sale cada dato y qué falta confirmar.")),
            relaciones=_many("Relacion"),
            historia=_many("Hecho"),
        ),
        "Relacion": _object(
            "Otro instrumento que este reforma, deroga o desarrolla, o al revés.",
            relacion=_text("Cuál es la relación.", enum=list(ACTS.values())),
            titulo=_text("El otro instrumento."),
            url=_maybe(_url("Dónde leerlo.")),
            fecha=_maybe(_day("Cuándo ocurrió")),
            en_este_catalogo=_yes_or_no("El otro instrumento está en este catálogo."),
        ),
        "Hecho": _object(
            "Un hecho de la historia de un instrumento.",
            fecha=_maybe(_text("Cuándo: AAAA, AAAA-MM o AAAA-MM-DD.")),
            texto=_text("Qué pasó."),
            confirmado=_yes_or_no("Consta en una fuente comprobada."),
        ),
        "Pasaje": _object(
            "Un pasaje que responde a la búsqueda.",
            texto=_text("El pasaje."),
            donde=_text("Dónde está: «página 3 de 20»."),
            archivo=_maybe(_text("En qué archivo, si no es el principal.")),
            url=_url("La dirección que lleva allí."),
        ),
        "Seccion": _object("Una sección.", **SHELF),
        "Etiqueta": _object("Una etiqueta.", **SHELF),
        "Entidad": _object(
            "Quién emitió el recurso.",
            slug=_text("Su nombre en las direcciones."),
            nombre=_text("El nombre."),
            siglas=_maybe(_text("Las siglas.")),
            url=_maybe(_url("Su sitio web.")),
        ),
        "Secciones": _object("Las secciones, en su orden.", secciones=_many("SeccionContada")),
        "SeccionContada": _object(
            "Una sección con lo que tiene.",
            **SHELF,
            descripcion=_maybe(_text("De qué trata.")),
            recursos=_number("Cuántos recursos publicados tiene."),
            api=_url("Sus recursos en la API."),
        ),
        "Etiquetas": _object(
            "Las etiquetas en uso, por orden alfabético.", etiquetas=_many("EtiquetaContada")
        ),
        "EtiquetaContada": _object(
            "Una etiqueta con lo que tiene.",
            **SHELF,
            recursos=_number("Cuántos recursos publicados la llevan."),
            api=_url("Sus recursos en la API."),
        ),
        "Problema": {
            "type": "object",
            "description": "Por qué no se pudo responder (RFC 9457).",
            "properties": {
                "type": _url("Dónde se explica esta clase de problema."),
                "title": _text("La clase de problema."),
                "status": _number("El código de HTTP."),
                "detail": _text("Qué pasó esta vez y qué hacer."),
                "instance": _text("La dirección que se pidió."),
                "parametros": _many("Fallo", "Los parámetros que están mal."),
                "permitidos": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "Los parámetros que existen.",
                },
            },
            "required": ["type", "title", "status", "detail", "instance"],
            "additionalProperties": False,
        },
        "Fallo": _object(
            "Un parámetro que está mal.",
            nombre=_text("Cuál."),
            detalle=_text("Qué hacer."),
        ),
    }
