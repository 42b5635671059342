"""Send REQUESTS requests to a running site and print its memory on the way: it must level off.

    python -m bench.leaks

Most are answered by the page cache; of UNCACHED one page and one search are made by Django, as for a session. All threads
and caches fill during the first half, up to their limits; growth counts from there.
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
from urllib.parse import quote_plus

from bench.corpus import vocabulary
from bench.memory import FIXED, PAGES, PORT, ROOT, SITE, process_tree, served, shell

REQUESTS = 200_000
UNCACHED = 200
CLIENTS = 8
STEPS = 20
SECONDS = 180.0  # after which the rest is left out
HOST = "127.0.0.1"
WORDS = vocabulary()[:60]
SESSION = "Cookie: sesion=nadie\r\n"


def main() -> None:
    """Seed, serve, send, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--uncached", type=int, default=UNCACHED)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="recursos-bench-") as name:
        own = os.environ | {"VAR_DIR": name, "PORT": str(PORT), "SITE_URL": SITE}
        subprocess.run(
            [sys.executable, "manage.py", "serve", "--prepare-only"],
            cwd=ROOT, env=own, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        pages = [path for path in shell(PAGES, own).split() if not path.endswith(".zip")]
        with served(own) as (pid, _):
            sizes = list(measured(pid, pages, options.requests, options.uncached))
    half = sizes[len(sizes) // 2 - 1]
    print(f"second half: {sizes[-1] - half:+.1f} MiB on {half:.1f} MiB")


def measured(pid: int, pages: list[str], requests: int, uncached: int) -> Iterator[float]:
    """Send the requests in steps; print and yield the PSS of the process tree in MiB after each."""
    print("| requests | seconds | PSS, MiB | each process |\n|---|---|---|---|")
    start = time.monotonic()
    for step in range(1, STEPS + 1):
        if time.monotonic() - start > SECONDS:
            return
        send(pages, requests // STEPS, uncached, seed=step)
        rows = [row.pss / 1024 for row in process_tree(pid)]
        each = " ".join(f"{size:.1f}" for size in rows)
        done, seconds = requests // STEPS * step, time.monotonic() - start
        print(f"| {done} | {seconds:.0f} | {sum(rows):.1f} | {each} |", flush=True)
        yield sum(rows)


def send(pages: list[str], requests: int, uncached: int, seed: int) -> None:
    """Send requests from CLIENTS threads, each on a connection that it keeps."""
    threads = [
        threading.Thread(
            target=client,
            args=(pages, requests // CLIENTS, uncached, random.Random(seed * CLIENTS + number)),
        )
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def client(pages: list[str], requests: int, uncached: int, rng: random.Random) -> None:
    """Send requests one after another."""
    line = socket.create_connection((HOST, PORT), 30)
    for number in range(requests):
        path, cookie = rng.choice(pages), ""
        if number % uncached == 0:
            path, cookie = rng.choice([*FIXED, *pages]), SESSION
        elif number % uncached == uncached // 2:
            words = quote_plus(" ".join(rng.sample(WORDS, 2)))
            path, cookie = f"/recursos/?q={words}", SESSION
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
