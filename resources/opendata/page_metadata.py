"""Metadata of a page for machines: `<meta>` elements, and the `Link` header (RFC 8288) of FAIR Signposting."""

from collections.abc import Iterator

from resources.addresses import reverse
from resources.opendata.record import ResourceRecord, Site, absolute
from resources.opendata.schema_org import CONTEXT

DESCRIPTIONS = (
    ("api-resource", "application/json"),
    ("cite-bibtex", "application/x-bibtex"),
    ("cite-ris", "application/x-research-info-systems"),
)
"""Address and media type of what describes one resource."""


Link = tuple[str, str, str]  # address, relation, media type or ""


def link_header(facts: ResourceRecord) -> str:
    """Return the Link header of a resource's page: type, cite-as, items, descriptions, author, licence."""
    issuer = facts.issuer
    return _header(
        (f"{CONTEXT}/AboutPage", "type", ""),
        (f"{CONTEXT}/{facts.kind.schema_type_of(facts.subtype)}", "type", ""),
        (facts.url, "cite-as", ""),
        (issuer.url if issuer else "", "author", ""),
        *((file.url, "item", file.media_type) for file in facts.encodings),
        *(
            (absolute(reverse(name, args=[facts.slug])), "describedby", media_type)
            for name, media_type in DESCRIPTIONS
        ),
        (facts.licence_url, "license", ""),
    )


def site_link_header(site: Site) -> str:
    """Return the Link header of the home page: catalogue, API (RFC 8631), licence."""
    return _header(
        (absolute(reverse("catalogue-jsonld")), "describedby", "application/ld+json"),
        (absolute(reverse("catalogue-ttl")), "describedby", "text/turtle"),
        (absolute(reverse("api-document")), "service-desc", "application/json"),
        (absolute(reverse("api")), "service-doc", "text/html"),
        (site.licence_url, "license", ""),
    )


def _header(*links: Link) -> str:
    return ", ".join(
        f'<{url}>; rel="{relation}"' + (f'; type="{media_type}"' if media_type else "")
        for url, relation, media_type in links
        if url
    )


def page_metadata(facts: ResourceRecord, site: Site) -> Iterator[tuple[str, str]]:
    """Return name and content of the `<meta>` elements: Highwire's `citation_*`, then Dublin Core."""
    author = facts.issuer.name if facts.issuer else ""
    official = facts.official_file
    is_report = facts.kind.ris_type == "RPRT"  # else Zotero takes it for an article
    pairs = [
        ("citation_title", facts.display_title),
        ("citation_author", author),
        ("citation_publication_date", facts.dated.replace("-", "/")),
        ("citation_publisher", site.publisher),
        ("citation_technical_report_institution", (author or site.publisher) if is_report else ""),
        ("citation_language", facts.language),
        ("citation_public_url", facts.url),
        ("citation_abstract_html_url", facts.url),
        ("citation_pdf_url", official.url if official and official.type_name == "PDF" else ""),
        *(("citation_keywords", tag.title) for tag in facts.tags),
        ("DC.title", facts.display_title),
        ("DC.creator", author),
        ("DC.date", facts.dated),
        ("DC.publisher", site.publisher),
        ("DC.description", " ".join(facts.description.split())),
        ("DC.type", facts.kind.dc_type),
        ("DC.format", official.media_type if official else ""),
        ("DC.identifier", facts.url),
        ("DC.language", facts.language),
        ("DC.rights", facts.licence),
        ("DC.source", facts.source_url),
        *(("DC.subject", tag.title) for tag in facts.tags),
    ]
    return ((name, content) for name, content in pairs if content)
