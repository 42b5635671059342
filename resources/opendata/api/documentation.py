"""Describe the API for people, from its OpenAPI document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from resources.opendata.api.schemas import Schema, schemas

WORDS = {"string": "texto", "integer": "número entero", "boolean": "sí o no", "object": "objeto"}
FORMATS = {"uri": "dirección", "date": "fecha", "date-time": "fecha y hora"}


@dataclass(frozen=True)
class Call:
    """An endpoint and the name of its response schema, "" where it answers with a text."""

    path: str
    name: str
    summary: str
    answer: str
    parameters: list[str]


@dataclass(frozen=True)
class Value:
    """A property of a schema: its type in words, and the schema that it refers to."""

    name: str
    kind: str
    shape: str
    description: str


@dataclass(frozen=True)
class SchemaDoc:
    """A response schema."""

    name: str
    description: str
    values: list[Value]


def calls(document: dict[str, Any]) -> Iterator[Call]:
    """Yield the endpoints of `document`."""
    for path, methods in document["paths"].items():
        call = methods["get"]
        content = call["responses"]["200"]["content"]
        schema = content["application/json"]["schema"] if "application/json" in content else None
        names = [p["name"] for p in call["parameters"] if p["in"] == "query"]
        answer = _name(schema) if schema else ""
        yield Call(path, call["operationId"], call["summary"], answer, names)


def shapes() -> Iterator[SchemaDoc]:
    """Yield all response schemas."""
    every = schemas()
    for name, schema in every.items():
        values = [_value(key, value, every) for key, value in schema["properties"].items()]
        yield SchemaDoc(name, schema["description"], values)


def _value(name: str, schema: Schema, every: dict[str, Schema]) -> Value:
    options = schema.get("anyOf", [])
    kinds = [schema.get("type", "")] if isinstance(schema.get("type", ""), str) else schema["type"]
    is_maybe = "null" in kinds or {"type": "null"} in options
    inner = next((option for option in options if "$ref" in option), schema)
    if "array" in kinds:
        kind, shape = "lista de ", _name(schema["items"])
        kind += "" if shape else WORDS[schema["items"]["type"]]
    else:
        shape = _name(inner)
        plain = next((WORDS[word] for word in kinds if word in WORDS), "")
        kind = "" if shape else FORMATS.get(schema.get("format", ""), plain)
    values = [value for value in schema.get("enum", []) if value]
    kind += f": {', '.join(values)}" if values else ""
    description = schema.get("description") or every[shape]["description"]
    return Value(name, kind, shape, description + (" Puede ser null." if is_maybe else ""))


def _name(schema: Schema) -> str:
    return schema.get("$ref", "").rpartition("/")[2]
