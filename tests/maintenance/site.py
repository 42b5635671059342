"""A web site on this machine that answers what a test tells it to, and remembers who asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Site(ThreadingHTTPServer):
    """`answers`: path → status, or status and where to, "hang up", or (for HEAD and GET apart) a dict by method."""

    daemon_threads = True

    def __init__(self, answers: dict) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://sitio.example:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.server.asked.append((self.command, self.path))
        self.server.agents.add(self.headers["User-Agent"])
        answer = self.server.answers.get(self.path, 404)
        if isinstance(answer, dict):
            answer = answer[self.command]
        if answer == "hang up":
            self.close_connection = True
            return
        status, to = answer if isinstance(answer, tuple) else (answer, "")
        self.send_response(status)
        if to:
            raw = to if isinstance(to, bytes) else to.encode("latin-1")
            self.send_header("Location", raw.decode("latin-1"))  # which writes each byte as it is
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *args: object) -> None:
        return


@contextmanager
def running(answers: dict) -> Iterator[Site]:
    site = Site(answers)
    Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()
