"""Connections that only ever lead to public addresses of the internet: whatever a name says, it is the number that counts.

An editor's link, or a redirect, may name a machine inside the network of whoever runs the site (server-side request
forgery, OWASP SSRF). So each name is resolved here, every number it stands for is looked at, and the connection goes to
the number that was looked at: nothing resolves the name a second time.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from urllib.parse import SplitResult

PORTS = frozenset({80, 443, 8080, 8443})
"""Where web sites are served; what listens at any other port is none of ours to knock at."""

Guard = Callable[[str], bool]


class PrivateAddress(Exception):
    """The address leads to no public web site."""


def is_public(number: str) -> bool:
    """Tell whether an IP address is one of the public internet, and not a way back in through a translated one."""
    address = ipaddress.ip_address(number.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if address not in _GLOBAL_UNICAST or any(address in network for network in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast


_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_TUNNELS = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))
"""6to4 and Teredo: their numbers hold an IPv4 address, which could be any."""


def resolve(host: str, port: int, guard: Guard = is_public) -> list[str]:
    """Return the IP addresses of `host`; raise NotPublic where `guard` refuses one of them, OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys(str(address[0]) for *_, address in found))
    if not all(guard(number) for number in numbers):
        raise PrivateAddress(host)
    return numbers


def connect(
    parts: SplitResult, timeout: float, guard: Guard = is_public, ports: frozenset[int] = PORTS
) -> http.client.HTTPConnection:
    """Return a connection to the site of `parts`, already made, to an address that `guard` let pass.

    Raises NotPublic, or OSError as `socket` and `ssl` do.
    """
    is_secure = parts.scheme == "https"
    port = parts.port or (443 if is_secure else 80)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise PrivateAddress(parts.netloc)
    if port not in ports:
        raise PrivateAddress(parts.netloc)
    host = parts.hostname.encode("idna").decode("ascii")
    number = resolve(host, port, guard)[0]
    stream = socket.create_connection((number, port), timeout)
    if is_secure:
        stream = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    connection.default_port = (
        443 if is_secure else 80
    )  # so that Host names no port that goes without saying
    connection.sock = stream
    return connection
