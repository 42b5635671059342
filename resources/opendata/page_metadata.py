"""Where machines go from a resource's page: the `Link` header (RFC 8288) with the relations of FAIR Signposting."""

from django.urls import reverse

from resources.opendata.record import Facts, Site, absolute
from resources.opendata.schema_org import CONTEXT, type_of

DESCRIPTIONS = (
    ("api-resource", "application/json"),
    ("cite-bibtex", "application/x-bibtex"),
    ("cite-ris", "application/x-research-info-systems"),
)
"""Address and media type of what describes one resource."""


Link = tuple[str, str, str]  # address, relation, media type or ""


def link_header(facts: Facts) -> str:
    """Return the header of a resource's page: what it is, its address for citing, its files, descriptions, author, licence."""
    issuer = facts.issuer
    return _header(
        (f"{CONTEXT}/AboutPage", "type", ""),
        (f"{CONTEXT}/{type_of(facts)}", "type", ""),
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
    """Return the header of the home page: the catalogue as linked data, the API (RFC 8631), the licence of it all."""
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
