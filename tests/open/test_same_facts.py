"""Every format tells the same facts about the same resource, and of what is not public none tells anything."""

import csv
import html
import io
import json
import re
from datetime import date, timedelta
from itertools import groupby
from types import SimpleNamespace

import bibtexparser
import feedparser
import openpyxl
import pytest
import rispy
from django.utils import timezone
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, FOAF

from resources.files.takedown import take_down
from resources.kinds.legislation.models import LegalRelation
from search.index.writer import batch_index_updates
from tests.makers import make_document, make_editor, make_law, make_video, put_file
from tests.open.conftest import CHECKED, HIDDEN, body

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SCHEMA = Namespace("https://schema.org/")
SITE = "http://127.0.0.1:8000"
LANGUAGES = {"SPA": "es", "ENG": "en"}
FORCES = {
    "vigente": "InForce",
    "vigente-con-reformas": "InForce",
    "derogado": "NotInForce",
    "aun-no-vigente": "NotInForce",
    "por-verificar": "",
}
AWKWARD = '<b>Título</b> con "comillas", & 🎉 y {llaves}'


@pytest.fixture
@batch_index_updates()
def everything(things) -> SimpleNamespace:
    """One of everything: what `things` has, and what is rarer."""
    shown = {"section": things.shelf, "published_at": timezone.now() - timedelta(hours=1)}
    issued = {"issued_on": date(2019, 1, 1), "issued_on_precision": "year"}
    english = make_document(title=AWKWARD, language="en", document_type="study", **issued, **shown)
    first = put_file(english, b"%PDF uno", language="en")
    put_file(english, b"%PDF otro", slot=first.file, number=2, change_note="Otra")
    half = make_document(title="Con una versión retenida", **shown)
    kept = put_file(half, b"%PDF bueno", "bueno.pdf")
    take_down(kept, reason="Tenía datos personales.", user=make_editor())
    put_file(half, b"%PDF anexo", "anexo.pdf", role="annex")
    film = make_video(
        title="Con subtítulos", link_pending=False, url="https://v.example/1", **shown
    )
    put_file(film, b"WEBVTT", "film.vtt", media_type="text/vtt", role="captions")
    checked = CHECKED | shown | {"in_force_on": date(2010, 1, 1)}
    amended = make_law(title="Ley reformada", number="Ley 5", **checked)
    LegalRelation.objects.create(
        source_citation="Ley de fuera", target=amended, verb="amends", happened_on=date(2012, 1, 1)
    )
    gone = make_law(title="Ley derogada", repealed_on=date(2015, 1, 1), **checked)
    future = make_law(title="Ley futura", **checked | {"in_force_on": date(2099, 1, 1)})
    things.shown += [english, half, film, amended, gone, future]
    return things


def known(client, resource) -> dict:
    """Return the facts as the API tells them, to which all other formats are held."""
    told = client.get(f"/api/v1/recursos/{resource.slug}").json()
    law = told["norma"]
    return {
        "url": told["url"],
        "title": told["titulo"],
        "issuer": told["entidad"]["nombre"] if told["entidad"] else "",
        "language": told["idioma"],
        "issued": told["fecha_emision"] or "",
        "dated": told["fecha_emision"] or (law and law["fecha_registro_oficial"]) or "",
        "modified": told["modificado"],
        "force": FORCES[law["vigencia"]] if law else "",
        "words": told["vigencia"] or "",
        "tags": sorted(tag["titulo"] for tag in told["etiquetas"]),
        "files": {
            file["url"]: (file["bytes"], file["sha256"], file["tipo_de_medio"], file["idioma"])
            for file in told["archivos"]
        },
        "encodings": {
            file["url"]: (file["bytes"], file["sha256"], file["tipo_de_medio"], file["idioma"])
            for file in told["archivos"]
            if not (law and file["muestra"])
        },
    }


def of(facts: dict, *names: str) -> dict:
    return {name: facts[name] for name in names}


def test_the_tables_tell_what_the_api_tells(client, everything):
    expected = [known(client, resource) for resource in everything.shown]
    text = body(client.get("/catalogo.csv")).removeprefix("\ufeff")
    plain = list(csv.DictReader(io.StringIO(text, newline="")))
    book = openpyxl.load_workbook(io.BytesIO(client.get("/catalogo.xlsx").getvalue()))
    names, *lines = book.active.iter_rows(values_only=True)
    sheet = [
        dict(zip(names, ("" if c is None else str(c) for c in row), strict=True)) for row in lines
    ]
    names = ("url", "title", "issuer", "language", "issued", "modified", "tags", "words", "files")
    for rows in (plain, sheet):
        found = []
        for url, group in groupby(rows, key=lambda row: row["url"]):
            mine = list(group)
            found.append(
                {
                    "url": url,
                    "title": mine[0]["titulo"],
                    "issuer": mine[0]["entidad"],
                    "language": mine[0]["idioma"],
                    "issued": mine[0]["fecha_emision"],
                    "modified": mine[0]["modificado"],
                    "tags": sorted(filter(None, mine[0]["etiquetas"].split("; "))),
                    "words": mine[0]["vigencia"].lower().replace(" ", "-").replace("ú", "u"),
                    "files": {
                        row["archivo_url"]: (
                            int(row["bytes"]),
                            row["sha256"],
                            row["tipo_de_medio"],
                            row["archivo_idioma"],
                        )
                        for row in mine
                        if row["archivo"]
                    },
                }
            )
        by_url = sorted(found, key=lambda facts: facts["url"])
        assert by_url == sorted((of(e, *names) for e in expected), key=lambda facts: facts["url"])


@pytest.mark.parametrize(
    ("path", "notation"), [("/catalogo.ttl", "turtle"), ("/catalogo.jsonld", "json-ld")]
)
def test_dcat_tells_what_the_api_tells(client, everything, path, notation):
    graph = Graph().parse(data=body(client.get(path)), format=notation)
    members = {
        str(graph.value(node, DCAT.landingPage)): node
        for name in (DCAT.dataset, DCAT.resource)
        for node in graph.objects(URIRef(f"{SITE}/#catalogo"), name)
    }
    expected = [known(client, resource) for resource in everything.shown]
    assert members.keys() == {facts["url"] for facts in expected}
    for facts in expected:
        node = members[facts["url"]]
        creator = graph.value(node, DCTERMS.creator)
        force = graph.value(node, SCHEMA.legislationLegalForce)
        files = {}
        for given in graph.objects(node, DCAT.distribution):
            if graph.value(given, DCAT.downloadURL) is None:  # a video on its platform
                continue
            checksum = graph.value(graph.value(given, SPDX.checksum), SPDX.checksumValue)
            files[str(graph.value(given, DCAT.downloadURL))] = (
                int(graph.value(given, DCAT.byteSize)),
                str(checksum),
                str(graph.value(given, DCAT.mediaType)).partition("/media-types/")[2],
                LANGUAGES[str(graph.value(given, DCTERMS.language))[-3:]],
            )
        assert {
            "title": str(graph.value(node, DCTERMS.title)),
            "issuer": str(graph.value(creator, FOAF.name)) if creator else "",
            "language": LANGUAGES[str(graph.value(node, DCTERMS.language))[-3:]],
            "dated": str(graph.value(node, DCTERMS.issued) or ""),
            "modified": str(graph.value(node, DCTERMS.modified)),
            "force": str(force).rpartition("/")[2] if force else "",
            "tags": sorted(map(str, graph.objects(node, DCAT.keyword))),
            "encodings": files,
        } == of(
            facts, "title", "issuer", "language", "dated", "modified", "force", "tags", "encodings"
        )


def test_the_page_and_its_citations_tell_what_the_api_tells(client, everything):
    for resource in everything.shown:
        facts = known(client, resource)
        page = client.get(resource.get_absolute_url()).text
        document = json.loads(re.search(r'ld\+json">(.*?)</script>', page, re.S)[1])
        node = document["@graph"][0]
        media = node.get("encoding", []) + node.get("associatedMedia", [])
        media += node["caption"] if isinstance(node.get("caption"), list) else []
        media += [node | {"name": ""}] if "contentUrl" in node else []
        issued = node.get("dateCreated") or node.get("legislationDate", "")
        dated = issued or (node["datePublished"][:10] if facts["dated"] else "")
        assert {
            "url": node["url"],
            "title": node["name"],
            "issuer": node.get("creator", {}).get("name", ""),
            "language": node["inLanguage"],
            "issued": issued,
            "dated": dated,
            "modified": node["dateModified"],
            "force": node.get("legislationLegalForce", "").rpartition("/")[2],
            "tags": sorted(node.get("keywords", [])),
            "encodings": {
                file["contentUrl"]: (
                    int(file["contentSize"].removesuffix(" B")),
                    file["sha256"],
                    file["encodingFormat"],
                    file["inLanguage"],
                )
                for file in media
            },
        } == {name: facts[name] for name in facts if name not in ("files", "words")}, resource
        found = re.findall(r'<meta name="(DC\.[^"]+|citation_[^"]+)" content="([^"]*)">', page)
        meta = {name: html.unescape(value) for name, value in found}
        (entry,) = bibtexparser.parse_string(
            client.get(resource.get_absolute_url() + "cita.bib").text
        ).entries
        (record,) = rispy.loads(client.get(resource.get_absolute_url() + "cita.ris").text)
        assert (meta["DC.title"], meta["citation_title"], record["title"]) == (facts["title"],) * 3
        assert meta.get("DC.creator", "") == "".join(record.get("authors", [])) == facts["issuer"]
        assert meta.get("DC.date", "") == facts["dated"]
        assert meta.get("citation_publication_date", "").replace("/", "-") == facts["dated"]
        assert meta["DC.language"] == record["language"] == entry["language"] == facts["language"]
        assert meta["DC.identifier"] == record["urls"][0] == entry["url"] == facts["url"]
        year = entry.get("year")
        assert record.get("year", "") == (year.value if year else "") == facts["dated"][:4]
        link = client.head(resource.get_absolute_url())["Link"]
        items = set(re.findall(r'<([^>]+)>; rel="item"', link))
        assert items == set(facts["encodings"])


def test_the_feed_tells_what_the_api_tells(client, everything):
    feed = feedparser.parse(client.get("/recursos.atom").content)
    entries = {entry.link: entry for entry in feed.entries}
    assert len(entries) == len(everything.shown)
    for resource in everything.shown:
        facts = known(client, resource)
        entry = entries[facts["url"]]
        assert html.unescape(entry.title) in (facts["title"], html.unescape(facts["title"]))
        assert entry.author == (facts["issuer"] or "Municipio de Ñuble")
        for file in entry.get("enclosures", []):
            size, _, media_type, _ = facts["encodings"][file.href]
            assert (int(file.length), file.type) == (size, media_type)
        labels = {tag.label for tag in entry.tags}
        assert set(facts["tags"]) < labels


def test_nothing_hidden_is_told_anywhere(client, everything):
    doors = ["/catalogo.csv", "/catalogo.ttl", "/catalogo.jsonld", "/recursos.atom", "/sitemap.xml"]
    doors += ["/api/v1/recursos?por_pagina=100", "/api/v1/etiquetas", "/", "/recursos/"]
    doors += [resource.get_absolute_url() for resource in everything.shown]
    for path in doors:
        answer = client.get(path)
        text = (answer.getvalue() if answer.streaming else answer.content).decode().lower()
        assert HIDDEN.lower() not in text, path
        assert "oculta" not in text, path
        assert "bueno.pdf" not in text or path.startswith("/recursos/con-una"), path
