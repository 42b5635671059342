"""Serve a small site on this machine, and measure its home page while clients send and read as slowly as they can.

    python -m bench.slow_clients
    python -m bench.slow_clients --port 8100 --through 8080

200 senders drip heads, forms and a copy to verify, a byte every two seconds; 200 readers take a file of 50 MB at 64 kB a
second each. Everything stays on 127.0.0.1 and ends after three measurements of 15 seconds. With --through, the clients
go to a proxy of this machine at that port, which passes on to --port.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from pathlib import Path
from typing import Any

HERE = "127.0.0.1"
SECONDS = 15  # of each measurement
EACH = 200  # senders, and as many readers
FILE_BYTES = 50_000_000
READ_RATE = 64_000  # bytes a second
DRIP = 2  # seconds between two bytes
PAUSE = 0.05  # seconds between two requests for the home page
BEGINNINGS = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
    b"POST /reportar/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\nmessage=",
    b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\nusername=",
    b"POST /verificar/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000000\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x",
)


class Attack:
    """Slow clients of a port, until they are told to stop."""

    def __init__(self, port: int, path: str) -> None:
        self.port, self.path = port, path
        self.stop = threading.Event()
        self.cut, self.read = 0, 0

    def start(self, *, senders: int = 0, readers: int = 0) -> None:
        """Open the connections."""
        self.stop.clear()
        work = [(self.send, (begun,)) for begun in islice(cycle(BEGINNINGS), senders)]
        work += [(self.take, ())] * readers
        self.threads = [threading.Thread(target=run, args=given) for run, given in work]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        """Close them."""
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def send(self, begun: bytes) -> None:
        """Send a request a byte at a time; begin again when cut."""
        while not self.stop.is_set():
            try:
                with socket.create_connection((HERE, self.port), 10) as line:
                    line.sendall(begun)
                    while not self.stop.wait(DRIP):
                        line.sendall(b"x")
            except OSError:
                self.cut += 1

    def take(self) -> None:
        """Read the file slowly."""
        while not self.stop.is_set():
            try:
                with socket.socket() as line:
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32_768)
                    line.settimeout(10)
                    line.connect((HERE, self.port))
                    line.sendall(f"GET {self.path} HTTP/1.1\r\nHost: {HERE}\r\n\r\n".encode())
                    while not self.stop.wait(0.25) and (taken := line.recv(READ_RATE // 4)):
                        self.read += len(taken)
            except OSError:
                self.cut += 1


def main() -> None:
    """Serve, attack, and print a line for each measurement."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=8100, help="of the site")
    parser.add_argument("--through", type=int, help="port of a proxy in front of it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="recursos-bench-") as folder:
        path = set_up(Path(folder), options.port)
        command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.gunicorn"]
        server = subprocess.Popen(command)
        try:
            attack = Attack(options.through or options.port, path)
            wait_for(options.port)
            print("home page, ms p50 / p95 / worst; answers; failures; memory of the site")
            report("alone", attack, server)
            report(f"{EACH} slow senders", attack, server, senders=EACH)
            report(f"{EACH} slow readers", attack, server, readers=EACH)
            report("both", attack, server, senders=EACH, readers=EACH)
        finally:
            server.terminate()
            server.wait()


def set_up(folder: Path, port: int) -> str:
    """Make a site with one document of FILE_BYTES, and return the address of its file."""
    os.environ |= {"VAR_DIR": str(folder), "PORT": str(port), "SITE_URL": f"http://{HERE}:{port}"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    from django.core.files.base import ContentFile
    from django.core.management import call_command
    from django.utils import timezone

    from resources.kinds.document import Document
    from resources.models import FileVersion, ResourceFile, Section

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    document = Document.objects.create(
        title="Archivo grande",
        section=Section.objects.create(title="Guías"),
        status="published",
        published_at=timezone.now(),
    )
    slot = ResourceFile.objects.create(resource=document, file_name="grande.pdf")
    version = FileVersion(file=slot, number=1, size=FILE_BYTES, sha256="0" * 64)
    version.media_type = "application/pdf"
    version.stored.save("grande.pdf", ContentFile(os.urandom(FILE_BYTES)), save=False)
    version.save()
    slot.current = version
    slot.save()
    return f"{document.get_absolute_url()}archivos/{slot.file_name}"


def wait_for(port: int) -> None:
    """Return once the site answers; raises OSError after 30 seconds."""
    for attempt in range(60):
        try:
            ask(port)
            return
        except OSError:
            if attempt == 59:
                raise
            time.sleep(0.5)


def report(name: str, attack: Attack, server: subprocess.Popen, **clients: Any) -> None:
    """Ask for the home page for SECONDS beside slow clients, and print how long answers took."""
    attack.cut = attack.read = 0
    attack.start(**clients)
    waited: list[float] = []
    failed, end = 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        begun = time.perf_counter()
        try:
            ask(attack.port)
            waited.append((time.perf_counter() - begun) * 1000)
        except (OSError, HTTPException):
            failed += 1
        time.sleep(PAUSE)
    memory = memory_of(server.pid)
    attack.end()
    waited.sort()
    last = len(waited) - 1
    times = " / ".join(f"{waited[int(share * last)]:.0f}" for share in (0.5, 0.95, 1) if waited)
    more = f"(cut: {attack.cut}; read: {attack.read / SECONDS / 1000:,.0f} kB/s)"
    print(
        f"{name:>20}: {times}; {len(waited)}; {failed}; {memory:.0f} MB {more if clients else ''}",
        flush=True,
    )


def ask(port: int) -> None:
    """Ask for the home page on a connection of its own; raises OSError unless it is answered."""
    connection = HTTPConnection(HERE, port, timeout=10)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise OSError(answer.status)


def memory_of(pid: int) -> float:
    """Return the megabytes that a process and its children hold for themselves."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    total = 0
    for one in (pid, *children):
        lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))
    return total / 1024


if __name__ == "__main__":
    main()
