"""Permanent identifiers of resources (tag URIs, RFC 4151), independent of addresses."""

import datetime as dt

from django.conf import settings


def resource_iri(pk: int, created: dt.datetime) -> str:
    """Return the permanent identifier of a resource, the same in Atom, DCAT and schema.org."""
    return f"tag:{settings.SITE_HOST},{created.year}:recurso-{pk}"
