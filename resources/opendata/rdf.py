"""Serialize RDF in batches, in the order of its statements: Turtle and JSON-LD.

An `rdflib.Graph` indexes every statement thrice and its serializers look at each term again and again to sort
them: three quarters of the time of an export went there (docs/open-data.md).
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from rdflib import Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF, RDF, RDFS, SKOS, XSD

DCAT = Namespace("http://www.w3.org/ns/dcat#")
ADMS = Namespace("http://www.w3.org/ns/adms#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
SCHEMA = Namespace("https://schema.org/")
PREFIXES = {
    name: str(uri)
    for name, uri in {
        "dcat": DCAT,
        "dct": DCTERMS,
        "foaf": FOAF,
        "adms": ADMS,
        "spdx": SPDX,
        "vcard": VCARD,
        "schema": SCHEMA,
        "skos": SKOS,
        "rdfs": RDFS,
        "xsd": XSD,
    }.items()
}
Term = URIRef | Literal


class Statements:
    """A batch of statements by subject, without blank nodes: the same facts are always the same text."""

    def __init__(self) -> None:
        self.of: dict[URIRef, list[tuple[URIRef, Term]]] = {}

    def say(self, node: URIRef, *said: tuple[URIRef, Term | None]) -> URIRef:
        """Add statements about `node` and return it; pairs with the value None are skipped."""
        self.of.setdefault(node, []).extend((name, term) for name, term in said if term is not None)
        return node

    def say_once(self, node: URIRef, *said: tuple[URIRef, Term | None]) -> URIRef:
        """Add statements about `node` unless it has some already."""
        known = self.of.get(node, ())
        return self.say(node, *(pair for pair in said if pair not in known))


def turtle(statements: Statements) -> Iterator[str]:
    """Yield each subject as a block of Turtle, for a document that begins with `turtle_head()`."""
    for node, said in statements.of.items():
        lines = [f"    {_word(name)} {_turtle_value(name, value)}" for name, value in said]
        yield f"\n{node.n3()}\n" + " ;\n".join(lines) + " .\n"


def turtle_head() -> str:
    """Return the prefixes of a Turtle document."""
    return "".join(f"@prefix {name}: <{uri}> .\n" for name, uri in PREFIXES.items())


def json_ld(statements: Statements) -> Iterator[str]:
    """Yield each subject as an object of JSON-LD, for a document whose context is PREFIXES."""
    for node, said in statements.of.items():
        thing: dict[str, list] = {}
        for name, value in said:
            if name == RDF.type:
                thing.setdefault("@type", []).append(_word(value))
            else:
                thing.setdefault(_word(name), []).append(_json_value(value))
        values = {key: many[0] if len(many) == 1 else many for key, many in thing.items()}
        yield json.dumps({"@id": str(node)} | values, ensure_ascii=False)


@lru_cache(maxsize=200)  # the words of the vocabularies, never of the catalogue
def _word(term: URIRef) -> str:
    """Return a term under its prefix."""
    if term == RDF.type:
        return "a"
    return next(
        f"{name}:{term[len(uri) :]}" for name, uri in PREFIXES.items() if term.startswith(uri)
    )


def _turtle_value(name: URIRef, value: Term) -> str:
    return _word(value) if name == RDF.type else value.n3()


def _json_value(value: Term) -> Any:
    if isinstance(value, URIRef):
        return {"@id": str(value)}
    if value.language:
        return {"@value": str(value), "@language": value.language}
    return {"@value": str(value), "@type": _word(value.datatype)} if value.datatype else str(value)
