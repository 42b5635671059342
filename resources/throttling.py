"""Throttling: a rate limit by network for expensive requests, kept hashed and for an hour."""

import hashlib
import secrets
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

DAY = 24 * 60 * 60  # seconds
HOUR = 60 * 60


def allow_request(request: HttpRequest, action: str, most: int) -> bool:
    """Count one more `action` of the request's network; return whether it is within `most` in an hour.

    The cache holds a count under a hash with a daily salt; both expire. Without REDIS_URL each process has its own cache and
    counts for itself.
    """
    day = timezone.localdate().isoformat()
    salt = cache.get_or_set(f"limits-salt-{day}", lambda: secrets.token_hex(16), DAY)
    who = hashlib.sha256(f"{salt} {network_of(request)}".encode()).hexdigest()
    key = f"limits-{action}-{who}"
    if cache.add(key, 1, HOUR):
        return most >= 1
    try:
        return cache.incr(key) <= most
    except ValueError:  # it lapsed this very moment
        return True


def network_of(request: HttpRequest) -> str:
    """Return the visitor's network: an IPv4 address, or the first 64 bits of IPv6, which one connection owns."""
    text = visitor_address(request)
    try:
        address = ip_address(text)
    except ValueError:
        return text
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
    return str(address)


def visitor_address(request: HttpRequest) -> str:
    """Return the address seen by the nearest trusted proxy, or that of the connection without one."""
    near = request.META.get("REMOTE_ADDR", "")
    trusted = settings.TRUSTED_PROXIES
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    while hops and (not near or near in trusted or "*" in trusted):
        near = hops.pop()
    return near
