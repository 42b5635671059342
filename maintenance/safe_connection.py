"""SSRF guard: connect to public IP addresses only, whatever the name resolves to.

An editor's link, or a redirect, may name a machine inside the network of whoever runs the site (server-side request
forgery, OWASP SSRF). So each name is resolved here, every address of it is checked, and the connection goes to
a checked address: nothing resolves the name a second time (DNS rebinding).
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
    """The address does not belong to a public web site."""


def is_public(number: str) -> bool:
    """Return whether an IP address is on the public internet, embedded IPv4 addresses included."""
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
    """Return the IP addresses of `host`. Raises PrivateAddress where `guard` refuses one, OSError where there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys(str(address[0]) for *_, address in found))
    if not all(guard(number) for number in numbers):
        raise PrivateAddress(host)
    return numbers


def connect(
    parts: SplitResult, timeout: float, guard: Guard = is_public, ports: frozenset[int] = PORTS
) -> http.client.HTTPConnection:
    """Return an open connection to the site of `parts`, at an address that `guard` accepts.

    Raises PrivateAddress, or OSError as `socket` and `ssl` do.
    """
    is_secure = parts.scheme == "https"
    default_port = 443 if is_secure else 80
    port = parts.port or default_port
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
    connection.default_port = default_port  # so that the Host header omits it
    connection.sock = stream
    return connection
