"""Send REQUESTS requests to a running site and print its memory on the way: it must level off.

    python -m bench.leaks

Pages come from the page cache, but for one request in UNCACHED: a page for a session, which Django renders, or a new
search. The first tenth fills the caches, which have limits (resources/page_cache.py); growth counts from the half on.
"""

import argparse
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator

from bench.corpus import vocabulary
from bench.memory import FIXED, PAGES, PORT, ROOT, SITE, process_tree, served, shell

REQUESTS = 200_000
UNCACHED = 40
CLIENTS = 8
STEPS = 20
SECONDS = 180.0  # after which the rest is left out
HOST = "127.0.0.1"
WORDS = vocabulary()[:400]


def main() -> None:
    """Seed, serve, send, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=REQUESTS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="recursos-bench-") as name:
        own = os.environ | {"VAR_DIR": name, "PORT": str(PORT), "SITE_URL": SITE}
        subprocess.run(
            [sys.executable, "manage.py", "serve", "--prepare-only"],
            cwd=ROOT, env=own, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        paths = [*FIXED, *shell(PAGES, own).split()]
        with served(own) as (pid, _):
            sizes = list(measured(pid, paths, options.requests))
    half = sizes[len(sizes) // 2]
    print(f"second half: {sizes[-1] - half:+.1f} MiB on {half:.1f} MiB")


def measured(pid: int, paths: list[str], requests: int) -> Iterator[float]:
    """Send the requests in steps; print and yield the PSS of the process tree in MiB after each."""
    print("| requests | seconds | PSS, MiB | each process |\n|---|---|---|---|")
    start = time.monotonic()
    for step in range(1, STEPS + 1):
        if time.monotonic() - start > SECONDS:
            return
        send(paths, requests // STEPS, seed=step)
        rows = [row.pss / 1024 for row in process_tree(pid)]
        each = " ".join(f"{size:.1f}" for size in rows)
        seconds = time.monotonic() - start
        print(
            f"| {requests // STEPS * step} | {seconds:.0f} | {sum(rows):.1f} | {each} |", flush=True
        )
        yield sum(rows)


def send(paths: list[str], requests: int, seed: int) -> None:
    """Send requests from CLIENTS threads, each on a connection that it keeps."""
    threads = [
        threading.Thread(target=client, args=(paths, requests // CLIENTS, seed * CLIENTS + number))
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def client(paths: list[str], requests: int, seed: int) -> None:
    """Send requests one after another."""
    rng = random.Random(seed)
    line = socket.create_connection((HOST, PORT), 30)
    for number in range(requests):
        path, cookie = rng.choice(paths), ""
        if number % UNCACHED == 0:
            cookie = "Cookie: sesion=nadie\r\n"
        elif number % UNCACHED == UNCACHED // 2:
            path = f"/recursos/?q={'+'.join(rng.sample(WORDS, 2))}"
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {HOST}:{PORT}\r\nAccept-Encoding: br\r\n{cookie}"
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\n\r\n".encode()
        )
        if not read_answer(line):
            line.close()
            line = socket.create_connection((HOST, PORT), 30)
    line.close()


def read_answer(line: socket.socket) -> bool:
    """Read an answer to its end; return whether the connection stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        received = line.recv(65_536)
        if not received:
            return False
        data += received
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(row.lower().split(b": ", 1) for row in head.split(b"\r\n")[1:])
    left = int(fields.get(b"content-length", 0)) - len(body)
    while left > 0:
        received = line.recv(min(left, 65_536))
        if not received:
            return False
        left -= len(received)
    return fields.get(b"connection") != b"close" and b"content-length" in fields


if __name__ == "__main__":
    main()
