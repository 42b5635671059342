"""Measure the memory of `make run` and the time to its first answer.

    python -m bench.memory

The seeded sample is served from a folder of its own. The second start is measured: seconds to the first page, then the
proportional set size (PSS) of every process after REQUESTS requests over all kinds of pages and one background task.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
PORT = 8121
SITE = f"http://127.0.0.1:{PORT}"
REQUESTS = 200
CLIENTS = 4
STARTS = 3
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)", "Accept-Encoding": "br"}
PAGES = """
from resources.models import FileVersion, Resource, Section
published = Resource.objects.published()
kinds = {one.kind: one.get_absolute_url() for one in published}
print(*[one.get_absolute_url() for one in Section.objects.all()])
print(*[one.get_absolute_url() for one in published], *[f"{url}paquete.zip" for url in kinds.values()])
"""
TASK = """
from resources.files.packs.builder import refresh_packs
from django_tasks_db.models import DBTaskResult
import time
row = refresh_packs.enqueue()
while DBTaskResult.objects.filter(status__in=("RUNNING", "READY"), run_after__lte=row.enqueued_at).exists():
    time.sleep(0.1)
"""
FIXED = (
    "/ /recursos/ /recursos/?q=agua /recursos/?q=agua+potable /recursos/?orden=consultas /recursos.atom /novedades/ "
    "/sitemap.xml /robots.txt /catalogo.csv /catalogo.xlsx /catalogo.jsonld /api/v1/ /api/v1/recursos/ /verificar/ "
    "/acerca/ /admin/login/ /livez /readyz /nada/"
).split()


class Process(NamedTuple):
    """A process and its memory."""

    pid: int
    pss: int  # kB
    private: int  # kB, written by this process alone
    command: str


def main() -> None:
    """Start STARTS times, measure the last one under requests, and print Markdown."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    with tempfile.TemporaryDirectory(prefix="recursos-bench-") as name:
        own = os.environ | {"VAR_DIR": name, "PORT": str(PORT), "SITE_URL": SITE}
        subprocess.run(
            [sys.executable, "manage.py", "serve", "--prepare-only"],
            cwd=ROOT, env=own, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        paths = [*FIXED, *shell(PAGES, own).split()]
        for _ in range(STARTS):
            with served(own) as (pid, seconds):
                print(f"first answer after {seconds:.2f} s", flush=True)
        with served(own) as (pid, seconds):
            print(f"first answer after {seconds:.2f} s", flush=True)
            ask([paths[number % len(paths)] for number in range(REQUESTS)])
            shell(TASK, own)
            report(pid)


def report(pid: int) -> None:
    """Print the memory of a process tree as a Markdown table."""
    rows = list(process_tree(pid))
    print("| process | PSS, MiB | private, MiB |\n|---|---|---|")
    for row in rows:
        print(f"| {row.command[:60]} | {row.pss / 1024:.1f} | {row.private / 1024:.1f} |")
    print(f"| total | {sum(row.pss for row in rows) / 1024:.1f} | |", flush=True)


@contextmanager
def served(own: dict[str, str]) -> Iterator[tuple[int, float]]:
    """Run `make run`; yield its process id and the seconds until the home page was answered."""
    start = time.monotonic()
    command = ["make", "--silent", "run", f"PORT={PORT}"]
    server = subprocess.Popen(command, cwd=ROOT, env=own, stdout=subprocess.DEVNULL)
    try:
        while fetch("/") != 200:
            if server.poll() is not None or time.monotonic() > start + 60:
                raise RuntimeError("The site did not start.")
            time.sleep(0.02)
        yield server.pid, time.monotonic() - start
    finally:
        for process in list(process_tree(server.pid)):
            if "manage.py serve" in process.command:
                os.kill(process.pid, 15)
                break
        server.wait(60)


def ask(paths: list[str]) -> None:
    """Request the paths, CLIENTS at once."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        statuses = list(clients.map(fetch, paths))
    print(f"{len(paths)} requests, {sum(status == 200 for status in statuses)} answered by 200")


def fetch(path: str) -> int:
    """Return the status of a page after reading it; 0 where nothing listens."""
    try:
        with urlopen(Request(SITE + path, headers=BROWSER), timeout=30) as answer:  # own address
            answer.read()
            return answer.status
    except HTTPError as error:
        return error.code
    except OSError:
        return 0


def shell(script: str, own: dict[str, str]) -> str:
    """Run Python code on the site's database; return its output."""
    command = [sys.executable, "manage.py", "shell", "--verbosity=0", "-c", script]
    return subprocess.run(
        command, cwd=ROOT, env=own, check=True, capture_output=True, text=True
    ).stdout


def process_tree(pid: int) -> Iterator[Process]:
    """Yield a process and its descendants; those that end meanwhile are left out."""
    folder = Path(f"/proc/{pid}")
    try:
        rollup = (folder / "smaps_rollup").read_text().splitlines()[1:]
        sizes = {name: int(rest.split()[0]) for name, rest in (row.split(":") for row in rollup)}
        command = (folder / "cmdline").read_text().replace("\0", " ").strip()
        children = [
            child
            for thread in (folder / "task").iterdir()
            for child in (thread / "children").read_text().split()
        ]
    except OSError:
        return
    yield Process(pid, sizes["Pss"], sizes["Private_Dirty"], command)
    for child in children:
        yield from process_tree(int(child))


if __name__ == "__main__":
    main()
