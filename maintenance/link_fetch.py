"""Fetch one address politely and return the result as a `Link.Finding`."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from maintenance import safe_connection
from maintenance.safe_connection import PrivateAddress, connect
from resources.models import Link

Finding = Link.Finding

SECONDS = 8.0  # without a word from the other side
DEADLINE = 20.0  # seconds for a whole fetch of one address, redirects not counted
REDIRECTS = 5
MOVED = frozenset({301, 302, 303, 307, 308})
REFUSED = frozenset({401, 403, 405, 406, 407, 429, 451})
SAFE = "/:?#[]@!$&'()*+,;=%~-._"


class LinkFetcher:
    """Fetches addresses on behalf of the site `name` (its own address); `guard` and `ports` limit the targets."""

    def __init__(
        self,
        name: str,
        guard: safe_connection.Guard = safe_connection.is_public,
        ports: frozenset[int] = safe_connection.PORTS,
    ) -> None:
        self.headers = {
            "User-Agent": f"Recursos (comprueba sus enlaces; {name}/)",
            "Accept": "*/*",
            "Connection": "close",
        }
        self.guard, self.ports = guard, ports

    def fetch(self, url: str) -> str:
        """Return the result of a HEAD request to `url`, or of a ranged GET where HEAD failed; no body is read.

        Some servers refuse HEAD, do not answer it, or redirect it to an error page; readers see the result of GET.
        Without a connection there is no second request.
        """
        found, was_connected = self._follow("HEAD", url)
        if found == Finding.FINE or not was_connected:
            return found
        return self._follow("GET", url)[0]

    def _follow(self, method: str, url: str) -> tuple[str, bool]:
        """Return the result after redirects, and whether the first server accepted a connection."""
        was_connected = False
        try:
            for _ in range(REDIRECTS + 1):
                parts = urlsplit(url)
                connection = connect(parts, SECONDS, self.guard, self.ports)
                was_connected = True
                status, location = self._send(method, connection, parts)
                if status not in MOVED or not location:
                    return _status_result(status), was_connected
                url = urljoin(url, _decoded_location(location))
        except (OSError, http.client.HTTPException, ValueError, PrivateAddress) as error:
            return _error_result(error), was_connected
        return Finding.ASTRAY, was_connected

    def resolves(self, url: str) -> bool:
        """Return whether the name of `url` resolves; then a failure of another name is not ours."""
        try:
            return bool(safe_connection.resolve(urlsplit(url).hostname or "", 443, self.guard))
        except (OSError, PrivateAddress, ValueError):
            return False

    def _send(
        self, method: str, connection: http.client.HTTPConnection, parts: SplitResult
    ) -> tuple[int, str]:
        """Return status and Location of one address."""
        with _deadline(connection):
            target = quote(parts.path or "/", SAFE)
            query = f"?{quote(parts.query, SAFE)}" if parts.query else ""
            connection.request(method, target + query, headers=self.headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", "")


def _decoded_location(location: str) -> str:
    """Return a Location as an ASCII address except for its host, which IDNA encodes.

    Servers send raw bytes, in UTF-8 or cp1252. http.client gives each byte as one character; browsers escape each byte
    as it came, and read the host as UTF-8.
    """
    parts = urlsplit(location)
    host = parts.netloc.encode("latin-1")
    try:
        netloc = host.decode("utf-8")
    except UnicodeDecodeError:
        netloc = host.decode("cp1252", "replace")
    path, query = (quote(part.encode("latin-1"), SAFE) for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, netloc, path, query, ""))


def _error_result(error: Exception) -> str:
    """Map a connection error to a result."""
    if isinstance(error, socket.gaierror):
        return Finding.NO_HOST if error.errno in _NO_SUCH_NAME else Finding.SILENT
    if isinstance(error, ssl.SSLError):
        return Finding.UNSAFE
    if isinstance(error, OSError | http.client.HTTPException):
        return Finding.SILENT
    return Finding.UNREACHED  # not public, or no address at all: a port that is no number


_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def _status_result(status: int) -> str:
    """Map a status code to a result."""
    if status < 400:
        return Finding.FINE
    if status == 404:
        return Finding.NOT_FOUND
    if status == 410:
        return Finding.REMOVED
    return Finding.REFUSED if status in REFUSED else Finding.FAULT


@contextmanager
def _deadline(connection: http.client.HTTPConnection) -> Iterator[None]:
    """Close the connection at the deadline, also where the server keeps it open a byte at a time."""
    stream = connection.sock

    def hang_up() -> None:
        with suppress(OSError):  # already closed
            stream.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(DEADLINE, hang_up)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        connection.close()
        stream.close()
