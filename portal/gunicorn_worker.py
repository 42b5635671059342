"""gunicorn's threaded worker, with an event loop that receives requests, sends to slow clients and answers cached pages.

A thread handles a request once it is complete, and is free again once the answer is made: the event loop receives heads
and small bodies, and sends answers. A thread receives a body larger than SMALL_BODY; portal/middleware/request_bodies.py
limits how many do so at once.
"""

import errno
import re
import resource
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.http import wsgi
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn, ThreadWorker

from portal.client_sockets import PIECE, ClientSocket
from portal.settings import CLIENT_TIMEOUT, VISITOR_BODY_BYTES

SMALL_BODY = VISITOR_BODY_BYTES
LONGEST_HEAD = 65_536  # bytes
LINGER = 2  # seconds for a client to read the answer, while what it still sends is thrown away
MOST_DISCARDED = 16_000_000  # bytes
SWEEP = 0.25  # seconds between two looks at the deadlines
UPKEEP = 5  # seconds between two calls of the page cache's `on_sent`
DESCRIPTORS = 2  # of a connection: the socket and the file that is being sent
SPARE_DESCRIPTORS = 200
HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d+)[ \t]*\r$")
CODED = re.compile(rb"(?im)^transfer-encoding:")
EXPECTS = re.compile(rb"(?im)^expect:[ \t]*100-continue[ \t]*\r\n")
TOO_SLOW = (
    HTTPStatus.REQUEST_TIMEOUT,
    "El envío tardó demasiado. Compruebe su conexión y vuelva a intentarlo.",
)
TOO_LONG_HEAD = (
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "Las cabeceras de la solicitud son demasiado largas. Borre las cookies de este sitio y vuelva a intentarlo.",
)


class Connection(TConn):
    """A client's connection, and the received part of its next request."""

    def __init__(self, cfg: Any, accepted: socket.socket, client: Any, server: Any) -> None:
        super().__init__(cfg, ClientSocket(accepted, CLIENT_TIMEOUT), client, server)
        self.keeps_alive = False
        self.ends_at: float | None = None  # None: as late as the transfer's pace allows
        self.discarded = 0
        self.begin(b"")

    def begin(self, received: bytes) -> bool:
        """Begin a request with the bytes received after the previous one; return whether it can be handled."""
        self.received = bytearray()
        self.needed: int | None = None  # bytes that must have come before a thread goes on
        self.is_whole = False  # whether nothing of the body is left to receive then
        self.is_receiving = True
        return self.take(received)

    @property
    def deadline(self) -> float:
        """Return the moment at which the connection is dropped."""
        return self.sock.deadline if self.ends_at is None else self.ends_at

    def take(self, data: bytes) -> bool:
        """Add received bytes; return whether a thread can handle the request."""
        if not self.received:
            data = data.lstrip(b"\r\n")  # allowed before a request (RFC 9112, 2.2)
        start = max(len(self.received) - len(HEAD_END), 0)
        self.received += data
        if self.needed is None:
            end = self.received.find(HEAD_END, start)
            if end >= 0:
                self._read_head(end + len(HEAD_END))
        return self.needed is not None and len(self.received) >= self.needed

    def _read_head(self, size: int) -> None:
        head = bytes(self.received[:size])
        length = LENGTH.search(head)
        body = min(int(length[1][:19]), SMALL_BODY + 1) if length else 0
        self.is_whole = body <= SMALL_BODY and not CODED.search(head)
        if self.is_whole and body and EXPECTS.search(head):
            self.sock.enqueue(b"HTTP/1.1 100 Continue\r\n\r\n")
            self.sock.flush()
            self.received[:size] = head = EXPECTS.sub(b"", head)
        self.needed = len(head) + body if self.is_whole else len(head)

    def hand_over(self) -> None:
        """Pass the received bytes to gunicorn's parser."""
        self.sock.restart_clock()
        self.init()
        self.parser.unreader.unread(bytes(self.received))
        self.received = bytearray()


class Answer:
    """The bytes of an answer that gunicorn makes, in place of a socket."""

    def __init__(self) -> None:
        self.data = bytearray()

    def sendall(self, data: bytes) -> None:
        """Keep `data`."""
        self.data += data


class BufferingWorker(ThreadWorker):
    """Receive requests and send answers in the event loop; handle complete requests in threads."""

    worker_connections: int

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: set[Connection] = set()  # those that the event loop has, not a thread
        self.next_sweep = self.next_upkeep = 0.0
        self.page_cache: Any = None

    def init_process(self) -> None:
        """Raise the limit of open files to the number of connections, where permitted."""
        wanted = self.worker_connections * DESCRIPTORS + SPARE_DESCRIPTORS
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < wanted and soft != resource.RLIM_INFINITY:
            soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            self.worker_connections = (soft - SPARE_DESCRIPTORS) // DESCRIPTORS
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the application; a page cache in front of it answers in the event loop."""
        super().load_wsgi()
        if hasattr(self.wsgi, "lookup"):
            self.page_cache = self.wsgi

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection; at the limit, drop the one that has been sending its request for longest."""
        try:
            accepted, client = listener.accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE):
                self._make_room()
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        self._receive_request(Connection(self.cfg, accepted, client, listener.getsockname()))
        if self.nr_conns >= self.worker_connections:
            self._make_room()

    def handle(self, conn: Connection) -> bool:
        """Handle a request in a thread."""
        conn.hand_over()
        return super().handle(conn)

    def handle_request(self, req: Request, conn: Connection) -> bool:
        """Answer; close the connection where part of the body may be unread."""
        if not conn.is_whole:
            req.force_close()
        return super().handle_request(req, conn)

    def finish_request(self, conn: Connection, fs: Future) -> None:
        """Continue with a connection after its answer."""
        try:
            conn.keeps_alive = bool(not fs.cancelled() and fs.result())
            conn.sock.setblocking(False)
            self._go_on(conn)
        except Exception:
            self.log.debug("A connection broke while it was answered.", exc_info=True)
            self._drop(conn)

    def murder_pending(self) -> None:
        """Drop the connections past their deadline."""
        now = time.monotonic()
        if now < self.next_sweep:
            return
        self.next_sweep = now + SWEEP
        if self.page_cache and now >= self.next_upkeep:
            self.next_upkeep = now + UPKEEP
            self.tpool.submit(self.page_cache.on_sent)
        for conn in [conn for conn in self.waiting if conn.deadline <= now]:
            if conn.is_receiving and conn.received:
                self._refuse(conn, *TOO_SLOW)
            else:
                self._drop(conn, resets=bool(conn.sock.queue))

    def _cap_keepalive(self, deadline: float) -> None:
        for conn in self.waiting:
            if conn.is_receiving and not conn.received:
                conn.ends_at = min(conn.deadline, deadline)

    def _go_on(self, conn: Connection) -> None:
        """Send the rest of an answer; then wait for the next request, or close."""
        conn.is_receiving = False
        if conn.sock.queue:
            self._wait(conn, selectors.EVENT_WRITE, self._send)
        elif conn.keeps_alive:
            ahead = conn.parser.unreader.take_buffered() if conn.parser else b""
            self._receive_request(conn, ahead)
        else:
            conn.sock.shutdown(socket.SHUT_WR)  # the client sees the end, and no reset before it
            self._wait(conn, selectors.EVENT_READ, self._discard, time.monotonic() + LINGER)

    def _receive_request(self, conn: Connection, received: bytes = b"") -> None:
        if conn.begin(received):
            self._handle(conn)
            return
        conn.sock.restart_clock()
        ends_at = None if conn.received else time.monotonic() + self.cfg.keepalive
        self._wait(conn, selectors.EVENT_READ, self._receive, ends_at)

    def _receive(self, conn: Connection) -> None:
        data = conn.sock.receive()
        if data is None:
            return
        if not data:
            self._drop(conn)
            return
        if conn.ends_at is not None:  # the first bytes of a request
            conn.ends_at = None
            conn.sock.restart_clock()
        if conn.take(data):
            self._stop_waiting(conn)
            self._handle(conn)
        elif conn.needed is None and len(conn.received) > LONGEST_HEAD:
            self._refuse(conn, *TOO_LONG_HEAD)

    def _handle(self, conn: Connection) -> None:
        """Answer a cached page at once; leave any other request to a thread."""
        answer = Answer()
        if self.page_cache and self.alive and self._find_page(conn, answer):
            conn.received = bytearray()
            try:
                conn.sock.enqueue(bytes(answer.data))
                conn.sock.flush(PIECE)
                self._go_on(conn)
            except OSError:  # the client has gone
                self._drop(conn)
        else:
            self.enqueue_req(conn)

    def _find_page(self, conn: Connection, answer: "Answer") -> bool:
        if len(conn.received) != conn.needed or not conn.received.startswith((b"GET ", b"HEAD ")):
            return False
        try:
            request = next(RequestParser(self.cfg, [bytes(conn.received)], conn.client))
            response, environ = wsgi.create(request, answer, conn.client, conn.server, self.cfg)
            if (page := self.page_cache.lookup(environ)) is None:
                return False
            for body in self.page_cache.answer(environ, response.start_response, page):
                response.write(body)
            response.close()
        except Exception:  # a thread meets it too, and answers it
            return False
        conn.keeps_alive = not response.should_close()
        return True

    def _send(self, conn: Connection) -> None:
        try:
            conn.sock.flush(PIECE)
            if not conn.sock.queue:
                self._stop_waiting(conn)
                self._go_on(conn)
        except OSError:  # the client has gone
            self._drop(conn)

    def _discard(self, conn: Connection) -> None:
        data = conn.sock.receive()
        if data is not None:
            conn.discarded += len(data)
            if not data or conn.discarded > MOST_DISCARDED:
                self._drop(conn)

    def _refuse(self, conn: Connection, status: HTTPStatus, text: str) -> None:
        """Answer without a thread, and close."""
        self._stop_waiting(conn)
        body = f"{text}\n".encode()
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        conn.keeps_alive = False
        try:
            conn.sock.enqueue(head.encode() + body)
            conn.sock.flush()
            self._go_on(conn)
        except OSError:
            self._drop(conn)

    def _make_room(self) -> None:
        receiving = (conn for conn in self.waiting if conn.is_receiving)
        slowest = min(receiving, key=lambda conn: conn.deadline, default=None)
        if slowest is not None:
            self._drop(slowest)

    def _wait(
        self,
        conn: Connection,
        event: int,
        callback: Callable[[Connection], None],
        ends_at: float | None = None,
    ) -> None:
        conn.ends_at = ends_at
        self.poller.register(conn.sock, event, partial(self._call_if_waiting, callback, conn))
        self.waiting.add(conn)

    def _call_if_waiting(
        self,
        callback: Callable[[Connection], None],
        conn: Connection,
        _: socket.socket,
    ) -> None:
        if conn in self.waiting:  # another event of the same round may have dropped it
            callback(conn)

    def _stop_waiting(self, conn: Connection) -> None:
        if conn in self.waiting:
            self.waiting.discard(conn)
            self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection, resets: bool = False) -> None:
        self._stop_waiting(conn)
        self.nr_conns -= 1
        if resets:
            conn.sock.reset()
        else:
            conn.close()
