"""Compare cached pages with a Django view that returns a constant, under the same gunicorn, and with nginx if installed.

    python -m bench.warm

The seeded sample is served in a folder of its own. Servers take turns, ROUNDS times, with one client and with sixteen;
each figure is the ratio to the constant view in the same round: median, least and greatest.
"""

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
HERE = "127.0.0.1"
PROCESSES = min(max(os.cpu_count() or 2, 2), 8)  # as the site has them
SITE, CONSTANT, NGINX = 8111, 8112, 8113  # ports
ROUNDS = 5
SECONDS = 0.6  # of each measurement
CLIENTS = (1, 16)
CONSTANT_VIEW = [  # the same worker class, processes and threads
    *("-k", "portal.gunicorn_worker.BufferingWorker", "-w", str(PROCESSES), "--threads", "8"),
    *("--keep-alive", "5", "bench.constant_view:application"),
]
TICK = os.sysconf("SC_CLK_TCK")  # per second
NGINX_CONF = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 2;
events {{ worker_connections 256; }}
http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder}; keepalive_requests 1000000;
  server {{ listen {port}; root {folder}; location / {{ try_files /page.br =404; add_header Content-Encoding br; }} }} }}
"""


class Rate(NamedTuple):
    """How fast a server answers."""

    per_second: float
    processor_ms: float  # per request


class Ratio(NamedTuple):
    """A ratio over the rounds."""

    median: float
    least: float
    greatest: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}–{self.greatest:.2f})"


class Row(NamedTuple):
    """One page of the site, or another server, against the constant view."""

    name: str
    clients: int
    per_second: Ratio
    processor: Ratio  # the constant view's time by this one's: more is better


def main() -> None:
    """Measure and print a Markdown table."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    print("\n".join(table(measure())))


def table(rows: list[Row]) -> list[str]:
    """Return the rows as Markdown."""
    lines = ["| página | clientes | respuestas/s | procesador |", "|---|---|---|---|"]
    return lines + [f"| {r.name} | {r.clients} | {r.per_second} | {r.processor} |" for r in rows]


def measure() -> list[Row]:
    """Serve the site, the constant view and nginx, and return a row for each page and number of clients."""
    with tempfile.TemporaryDirectory(prefix="recursos-bench-") as name:
        folder = Path(name)
        own = {"VAR_DIR": name, "PORT": str(SITE), "SITE_URL": f"http://{HERE}:{SITE}"}
        page = {"CONSTANT_PAGE": f"{name}/page.br"}
        pages = seeded_pages(folder, own)
        with served(SITE, own, ["-c", "python:portal.gunicorn"]) as site:
            (folder / "page.br").write_bytes(body_of(SITE, "/"))
            with (
                served(CONSTANT, own | page, CONSTANT_VIEW) as constant,
                static_server(folder) as nginx,
            ):
                return list(compare(site, constant, nginx, pages))


def seeded_pages(folder: Path, own: dict[str, str]) -> dict[str, str]:
    """Fill an empty site with the sample; return addresses by name."""
    subprocess.run(
        [sys.executable, "manage.py", "serve", "--prepare-only"],
        cwd=ROOT, env=os.environ | own, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    script = (
        "from resources.models import Resource, Section\n"
        "kinds = {r.kind: r.get_absolute_url() for r in Resource.objects.published()}\n"
        "print(Section.objects.first().get_absolute_url(), *kinds.values())"
    )
    shell = [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", script]
    listed = subprocess.run(
        shell, cwd=ROOT, env=os.environ | own, check=True, capture_output=True, text=True
    )
    section, *details = listed.stdout.split()
    pages = {"inicio": "/", "sección": section, "lista": "/recursos/"}
    pages |= {f"recurso {number}": path for number, path in enumerate(details, 1)}
    return pages | {"búsqueda repetida": "/recursos/?q=agua", "Atom": "/recursos.atom"}


@contextmanager
def served(port: int, own: dict[str, str], arguments: list[str]) -> Iterator[int]:
    """Serve with gunicorn; yield the process id."""
    command = [sys.executable, "-m", "gunicorn", "-b", f"{HERE}:{port}", *arguments]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | own)
    try:
        wait_for(port)
        yield server.pid
    finally:
        server.terminate()
        server.wait()


@contextmanager
def static_server(folder: Path) -> Iterator[int | None]:
    """Serve the home page as a file of nginx; yield the process id, or None where nginx is not installed."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        yield None
        return
    folder.chmod(0o755)
    (folder / "nginx.conf").write_text(NGINX_CONF.format(folder=folder, port=NGINX))
    server = subprocess.Popen(
        [program, "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
    )
    try:
        wait_for(NGINX)
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def compare(site: int, constant: int, nginx: int | None, pages: dict[str, str]) -> Iterator[Row]:
    """Yield a row for each page and number of clients; servers take turns in every round."""
    servers = [(name, site, SITE, path) for name, path in pages.items()]
    if nginx:
        servers.append(("nginx, un archivo", nginx, NGINX, "/"))
    for clients in CLIENTS:
        for name, pid, port, path in servers:
            load(pid, port, path, clients, 0.2)
            ratios = []
            for _ in range(ROUNDS):
                base = load(constant, CONSTANT, path, clients, SECONDS)
                own = load(pid, port, path, clients, SECONDS)
                ratios.append(
                    (own.per_second / base.per_second, base.processor_ms / own.processor_ms)
                )
            speeds, costs = zip(*ratios, strict=True)
            yield Row(name, clients, ratio_of(speeds), ratio_of(costs))


def ratio_of(values: tuple[float, ...]) -> Ratio:
    """Return median, least and greatest."""
    return Ratio(statistics.median(values), min(values), max(values))


def load(pid: int, port: int, path: str, clients: int, seconds: float) -> Rate:
    """Send requests on `clients` connections, each after the answer to the one before."""
    request = (
        f"GET {path} HTTP/1.1\r\nHost: {HERE}:{SITE}\r\nAccept-Encoding: br\r\n"
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n\r\n"
    ).encode()
    lines = [socket.create_connection((HERE, port), 10) for _ in range(clients)]
    try:
        size = 0
        for line in lines:  # the first answers give the size of all
            line.sendall(request)
            size = len(read_answer(line))
        spent, answers, start = processor_seconds(pid), 0, time.perf_counter()
        while (elapsed := time.perf_counter() - start) < seconds:
            for line in lines:
                line.sendall(request)
            for line in lines:
                read_exactly(line, size)
            answers += clients
        spent = processor_seconds(pid) - spent
    finally:
        for line in lines:
            line.close()
    return Rate(answers / elapsed, max(spent, 1 / TICK) / answers * 1000)


def read_answer(line: socket.socket) -> bytes:
    """Return head and body of an answer with Content-Length; raises ValueError for any status but 200."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += line.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise ValueError(head.decode("latin-1"))
    fields = dict(row.split(b": ", 1) for row in head.lower().split(b"\r\n")[1:])
    left = int(fields[b"content-length"]) - len(body)
    return data + read_exactly(line, left)


def read_exactly(line: socket.socket, size: int) -> bytes:
    """Return `size` bytes."""
    data = bytearray()
    while len(data) < size:
        received = line.recv(size - len(data))
        if not received:
            raise ConnectionError("The server closed the connection.")
        data += received
    return bytes(data)


def body_of(port: int, path: str) -> bytes:
    """Return the body of a page in Brotli."""
    with socket.create_connection((HERE, port), 10) as line:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {HERE}:{port}\r\nAccept-Encoding: br\r\n\r\n".encode()
        )
        return read_answer(line).partition(b"\r\n\r\n")[2]


def wait_for(port: int) -> None:
    """Return once a server accepts connections at `port`; raises OSError after 30 seconds."""
    for attempt in range(120):
        try:
            socket.create_connection((HERE, port), 1).close()
            return
        except OSError:
            if attempt == 119:
                raise
            time.sleep(0.25)


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process and its children, those that ended included."""
    total = 0
    for one in (pid, *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += sum(map(int, fields[11:13]))
    return total / TICK


if __name__ == "__main__":
    main()
