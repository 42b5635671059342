"""Ask the served site sixteen questions at once while an editor saves, over a corpus that `bench.search … --keep` left.

    python -m bench.load 10000 --port 8100

First as many processes search at once as `bench.search` does, without a page around the answer. Then the site runs under
gunicorn as it does in production, on this machine; clients keep their connections. Printed are the milliseconds of one
client alone, of all at once, and of all while a resource is saved again and again.
"""

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
import threading
import time
import urllib.parse
from http.client import HTTPConnection, HTTPException
from typing import Any

from bench.corpus import vocabulary
from bench.search import answer, percentiles, set_up

SECONDS = 20  # of each measurement
CLIENTS = 16


def main() -> None:
    """Search, serve, ask, and print four lines."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("size", type=int, help="resources of the corpus")
    parser.add_argument("--port", type=int, default=8100)
    options = parser.parse_args()
    folder = set_up(options.size)
    print("ms p50 / p95; answers; failures; saves")
    search_at_once(options.size)
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    about = {
        "VAR_DIR": str(folder),
        "PORT": str(options.port),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "python:portal.gunicorn"]
    server = subprocess.Popen([*command, "-b", f"127.0.0.1:{options.port}"], env=os.environ | about)
    try:
        wait_for(options.port)
        measure("one alone", options.port, 1)
        measure(f"{CLIENTS} at once", options.port, CLIENTS)
        measure(f"{CLIENTS} and an editor", options.port, CLIENTS, saves=True)
    finally:
        server.terminate()
        server.wait()


def search_at_once(size: int) -> None:
    """Let CLIENTS processes search for SECONDS while a resource is saved, and print how long answers took."""
    processes = multiprocessing.get_context("spawn")
    ready, answers = processes.Barrier(CLIENTS + 1), processes.Queue()
    searchers = [
        processes.Process(target=searcher, args=(size, number, ready, answers))
        for number in range(CLIENTS)
    ]
    for one in searchers:
        one.start()
    ready.wait(timeout=180)  # one that cannot start breaks it for all
    saved = save_until(time.monotonic() + SECONDS)
    waited = [ms for _ in searchers for ms in answers.get()]
    for one in searchers:
        one.join()
    failed = sum(one.exitcode != 0 for one in searchers)
    print(
        f"{f'{CLIENTS} searches':>20}: {percentiles(waited)}   {len(waited)}; {failed}; {saved}",
        flush=True,
    )


def searcher(size: int, number: int, ready: Any, answers: Any) -> None:
    """Search for one or two words again and again, as the site's processes do, and hand over the milliseconds of each answer."""
    set_up(size)
    from portal.gunicorn import post_worker_init

    rng, words, waited = random.Random(number), vocabulary()[:400], []
    answer("gobierno", {})
    post_worker_init(None)
    ready.wait()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        start = time.perf_counter()
        answer(" ".join(rng.sample(words, rng.randint(1, 2))), {})
        waited.append((time.perf_counter() - start) * 1000)
    answers.put(waited)


def wait_for(port: int) -> None:
    """Return once the site answers; raises OSError after 30 seconds."""
    for attempt in range(60):
        try:
            ask(HTTPConnection("127.0.0.1", port, timeout=60), "gobierno")
            return
        except OSError:
            if attempt == 59:
                raise
            time.sleep(0.5)


def measure(name: str, port: int, clients: int, *, saves: bool = False) -> None:
    """Ask for SECONDS, and print how long answers took and how many failed."""
    waited: list[float] = []
    failed: list[str] = []
    end = time.monotonic() + SECONDS
    threads = [
        threading.Thread(target=client, args=(port, number, end, waited, failed))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    saved = save_until(end) if saves else 0
    for thread in threads:
        thread.join()
    print(
        f"{name:>20}: {percentiles(waited)}   {len(waited)}; {len(failed)}; {saved} {failed[:3]}",
        flush=True,
    )


def client(port: int, number: int, end: float, waited: list[float], failed: list[str]) -> None:
    """Ask one or two words after another."""
    rng, words = random.Random(number), vocabulary()[:400]
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < end:
        start = time.perf_counter()
        try:
            status = ask(connection, " ".join(rng.sample(words, rng.randint(1, 2))))
        except (OSError, HTTPException) as error:
            failed.append(repr(error))
            connection.close()
            continue
        if status == 200:
            waited.append((time.perf_counter() - start) * 1000)
        else:
            failed.append(str(status))


def ask(connection: HTTPConnection, words: str) -> int:
    """Ask the results page, read it to its end, and return its status."""
    connection.request("GET", "/recursos/?" + urllib.parse.urlencode({"q": words}))
    answer = connection.getresponse()
    answer.read()
    return answer.status


def save_until(end: float) -> int:
    """Save a resource each second, as ten busy editors would, each time with other words; return how often."""
    from resources.kinds.document import Document

    documents, count = list(Document.objects.all()[:50]), 0
    while time.monotonic() < end:
        document = documents[count % len(documents)]
        document.summary = f"Guardado {count} veces. {document.summary[:200]}"
        document.save()
        count += 1
        time.sleep(1)
    return count


if __name__ == "__main__":
    main()
