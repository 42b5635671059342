"""Sign preview links to a draft that expire and can be revoked."""

import datetime as dt
from typing import NamedTuple

from django.core import signing
from django.db.models import F
from django.utils import timezone

from resources.models import Resource

SALT = "recursos.vista-previa"
DAYS = (1, 7, 30)
"""How long a link may hold."""


class Claim(NamedTuple):
    """Content of a preview token: resource, preview series, expiry (seconds since 1970)."""

    pk: int
    series: int
    until: int

    @property
    def ends(self) -> dt.datetime:
        """When the link stops working."""
        return dt.datetime.fromtimestamp(self.until, dt.UTC)


def make_token(resource: Resource, days: int) -> str:
    """Return a preview token for `resource`, valid for `days`."""
    until = timezone.now() + dt.timedelta(days=days)
    claim = Claim(resource.pk, resource.preview_series, int(until.timestamp()))
    return signing.dumps(list(claim), salt=SALT)


def read_token(token: str) -> Claim | None:
    """Return the content of a token, expired or not; None for a bad signature."""
    try:
        return Claim(*signing.loads(token, salt=SALT))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def revoke_links(resource: Resource) -> None:
    """Revoke every preview link of the resource."""
    Resource.objects.filter(pk=resource.pk).update(preview_series=F("preview_series") + 1)


def still_holds(claim: Claim, resource: Resource) -> bool:
    """Return whether a preview link to `resource` is neither expired nor revoked."""
    is_meant = claim.pk == resource.pk and claim.series == resource.preview_series
    return is_meant and resource.deleted_at is None and claim.ends > timezone.now()
