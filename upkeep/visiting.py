"""One polite visit to one address: what it answers, in the words of `Link.Finding`, whatever happens."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from resources.models import Link
from upkeep import reaching
from upkeep.reaching import NotPublic, connect

Finding = Link.Finding

SECONDS = 8.0  # without a word from the other side
PATIENCE = 20.0  # seconds for a whole visit of one address, redirects not counted
REDIRECTS = 5
MOVED = frozenset({301, 302, 303, 307, 308})
REFUSED = frozenset({401, 403, 405, 406, 407, 429, 451})
SAFE = "/:?#[]@!$&'()*+,;=%~-._"


class Visitor:
    """Visits addresses for the site `name` (its own address); `guard` and `ports` say where it may go."""

    def __init__(
        self,
        name: str,
        guard: reaching.Guard = reaching.is_public,
        ports: frozenset[int] = reaching.PORTS,
    ) -> None:
        self.headers = {
            "User-Agent": f"Recursos (comprueba sus enlaces; {name}/)",
            "Accept": "*/*",
            "Connection": "close",
        }
        self.guard, self.ports = guard, ports

    def visit(self, url: str) -> str:
        """Return what `url` answers: a HEAD first, a GET where that did not go well; no body is read."""
        try:
            for _ in range(REDIRECTS + 1):
                status, location = self._ask(url)
                if status not in MOVED or not location:
                    return _said(status)
                url = urljoin(url, location)
        except NotPublic:
            return Finding.UNREACHED
        except socket.gaierror as error:
            return Finding.NO_HOST if error.errno in _NO_SUCH_NAME else Finding.SILENT
        except ssl.SSLError:
            return Finding.UNSAFE
        except (OSError, http.client.HTTPException):
            return Finding.SILENT
        except ValueError:  # no address at all, such as one with a port that is no number
            return Finding.UNREACHED
        return Finding.ASTRAY

    def knows(self, url: str) -> bool:
        """Tell whether the name of `url` can be resolved: then the trouble with another name is not ours."""
        try:
            return bool(reaching.numbers_of(urlsplit(url).hostname or "", 443, self.guard))
        except (OSError, NotPublic, ValueError):
            return False

    def _ask(self, url: str) -> tuple[int, str]:
        """Return status and Location of one address."""
        parts = urlsplit(url)
        status, location = self._send("HEAD", parts)
        return (status, location) if status < 400 else self._send("GET", parts)

    def _send(self, method: str, parts: SplitResult) -> tuple[int, str]:
        connection = connect(parts, SECONDS, self.guard, self.ports)
        with _patience(connection):
            target = quote(parts.path or "/", SAFE)
            query = f"?{quote(parts.query, SAFE)}" if parts.query else ""
            connection.request(method, target + query, headers=self.headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", "")


_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


def _said(status: int) -> str:
    """Return what an answer means for whoever would open the page."""
    if status < 400:
        return Finding.FINE
    if status == 404:
        return Finding.NOT_FOUND
    if status == 410:
        return Finding.REMOVED
    return Finding.REFUSED if status in REFUSED else Finding.FAULT


@contextmanager
def _patience(connection: http.client.HTTPConnection) -> Iterator[None]:
    """Close the connection in the end: also where the other side keeps it open with a byte now and then."""
    stream = connection.sock

    def hang_up() -> None:
        with _already_closed():
            stream.shutdown(socket.SHUT_RDWR)

    clock = threading.Timer(PATIENCE, hang_up)
    clock.daemon = True
    clock.start()
    try:
        yield
    finally:
        clock.cancel()
        connection.close()
        stream.close()


@contextmanager
def _already_closed() -> Iterator[None]:
    try:
        yield
    except OSError:
        return
