"""Where machines go from a resource's page: the `Link` header (RFC 8288) with the relations of FAIR Signposting."""

from django.urls import reverse

from resources.catalog.facts import Facts, absolute

DESCRIPTIONS = (
    ("api-resource", "application/json"),
    ("cite-bibtex", "application/x-bibtex"),
    ("cite-ris", "application/x-research-info-systems"),
)
"""Address and media type of what describes one resource."""


def link_header(facts: Facts) -> str:
    """Return the header of the page: its address for citing, the files, descriptions, the licence if it has an address."""
    links = [
        (facts.url, "cite-as", ""),
        *((file.url, "item", file.media_type) for file in facts.encodings),
        *(
            (absolute(reverse(name, args=[facts.slug])), "describedby", media_type)
            for name, media_type in DESCRIPTIONS
        ),
    ]
    if facts.licence_url:
        links.append((facts.licence_url, "license", ""))
    return ", ".join(
        f'<{url}>; rel="{relation}"' + (f'; type="{media_type}"' if media_type else "")
        for url, relation, media_type in links
    )
