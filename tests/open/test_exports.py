"""The whole catalogue in one file: made once for each state of it, in little memory, and given like any file."""

import gc
import gzip
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from inspection.semaphore import acquire_slot
from resources.models import Resource, SiteSettings
from resources.opendata import exports
from resources.opendata.exports import EXPORTS, make_export
from tests.makers import date_now, make_document
from tests.open.conftest import body
from tests.test_pages import crowd

PATHS = [f"/{name}" for name in EXPORTS]


def plain(client, path: str, **headers: str) -> bytes:
    return client.get(path, headers=headers).getvalue()


@pytest.mark.parametrize("path", PATHS)
def test_it_is_made_once_for_each_state_of_the_catalogue(client, things, monkeypatch, path):
    first = client.get(path)
    text = first.getvalue()
    with monkeypatch.context() as patch:
        patch.setattr("resources.opendata.exports.everything", lambda: 1 / 0)
        again = client.get(path)
        assert again.getvalue() == text
        assert (again["ETag"], again["Last-Modified"]) == (first["ETag"], first["Last-Modified"])
        assert again["Access-Control-Allow-Origin"] == "*"
        head = client.head(path)
        assert (head["ETag"], head["Content-Length"]) == (first["ETag"], str(len(text)))
        assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
        part = client.get(path, headers={"Range": "bytes=10-19", "If-Range": first["ETag"]})
        assert (part.status_code, part.getvalue()) == (206, text[10:20])
        assert part["Content-Range"] == f"bytes 10-19/{len(text)}"
        beyond = client.get(path, headers={"Range": f"bytes={len(text)}-"})
        assert beyond.status_code == 416
    make_document()
    newer = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert newer.status_code == 200
    assert newer.getvalue() != text


@pytest.mark.parametrize("path", PATHS)
def test_what_says_the_same_is_the_same_wherever_it_is_made(
    client, things, settings, tmp_path, path
):
    """So that a client that has it gets 304 from any machine, and after a change that nobody can see."""
    first = client.get(path)["ETag"]
    settings.EXPORTS_ROOT = tmp_path / "another"
    assert client.get(path)["ETag"] == first
    if path != "/catalogo.xlsx":  # a workbook says when the catalogue last changed
        things.hidden[0].save()
        assert client.get(path, headers={"If-None-Match": first}).status_code == 304


def test_a_text_is_kept_compressed_too_and_made_again_where_it_is_lost(client, things, settings):
    whole = plain(client, "/catalogo.ttl")
    squeezed = client.get("/catalogo.ttl", headers={"Accept-Encoding": "br, gzip"})
    assert squeezed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in squeezed["Vary"]
    assert squeezed["ETag"] != client.get("/catalogo.ttl")["ETag"]
    content = squeezed.getvalue()
    for path in settings.EXPORTS_ROOT.rglob("*.gz"):
        path.unlink()
    assert plain(client, "/catalogo.ttl", **{"Accept-Encoding": "gzip"}) == content
    assert len(content) == int(squeezed["Content-Length"])
    assert gzip.decompress(content) == whole
    for accepts, more in (("gzip;q=0", {}), ("gzip", {"Range": "bytes=0-9"})):
        answer = client.get("/catalogo.ttl", headers={"Accept-Encoding": accepts} | more)
        assert "Content-Encoding" not in answer
    assert "Content-Encoding" not in client.get(
        "/catalogo.xlsx", headers={"Accept-Encoding": "gzip"}
    )


def test_while_another_is_made_one_is_told_when_to_come_back(client, things, settings, monkeypatch):
    """One at a time on a machine, whatever asks: a handful of requests never takes the whole server."""
    monkeypatch.setattr("resources.opendata.exports.PATIENCE", 0)
    with acquire_slot(1, settings.EXPORTS_ROOT, 0):
        answer = client.get("/catalogo.ttl")
        assert answer.status_code == 503
        assert answer["Retry-After"] == "10"
        assert answer["Content-Type"] == "application/problem+json"
        assert "se está preparando" in answer.json()["detail"]
        assert client.get("/recursos/").status_code == 200
    assert client.get("/catalogo.ttl").status_code == 200


@pytest.fixture
def large(monkeypatch) -> list[str]:
    """Let the catalogue count as a large one; return the exports asked of the worker, which does nothing."""
    asked: list[str] = []
    monkeypatch.setattr(exports, "MADE_AT_ONCE", 0)
    queue = SimpleNamespace(enqueue=asked.append)
    monkeypatch.setattr(exports, "make_export", queue)
    return asked


def test_of_a_large_catalogue_the_worker_makes_it_and_the_former_is_served_meanwhile(
    client, things, large
):
    former = plain(client, "/catalogo.csv")
    assert large == [], "there is no former one: the first is made at once"
    make_document(title="Guía del agua segura")
    assert plain(client, "/catalogo.csv") == former
    compressed = client.get("/catalogo.csv", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(compressed.getvalue()) == former
    assert large == ["catalogo.csv"], "is asked for once"
    make_export.call("catalogo.csv")
    assert "Guía del agua segura" in plain(client, "/catalogo.csv").decode()
    assert large == ["catalogo.csv"]


def test_without_a_worker_on_the_machine_a_request_makes_it_after_two_minutes(
    client, things, large, monkeypatch
):
    former = plain(client, "/catalogo.csv")
    make_document(title="Guía del agua segura")
    assert plain(client, "/catalogo.csv") == former
    later = time.time() + exports.WORKER_TIME + 1
    monkeypatch.setattr(exports, "time", SimpleNamespace(time=lambda: later))
    assert "Guía del agua segura" in plain(client, "/catalogo.csv").decode()


def test_one_that_was_replaced_is_left_to_its_readers_and_then_goes(
    client, things, settings, freeze
):
    folder = settings.EXPORTS_ROOT / "catalogo.csv"

    def there() -> set[str]:
        return {path.name for path in folder.iterdir()} if folder.exists() else set()

    def made() -> set[str]:
        before = there()
        make_document()
        body(client.get("/catalogo.csv"))
        new = there() - before
        for name in new:
            date_now(folder / name)
        return new

    first, second, third = made(), made(), made()
    assert there() == first | second | third, "a minute has not passed"
    freeze(timezone.now() + timedelta(hours=1))
    fourth = made()
    assert there() == third | fourth, "was replaced this moment, however old it is"


@pytest.mark.parametrize("name", ["catalogo.csv", "catalogo.jsonld", "catalogo.xlsx"])
@pytest.mark.django_db
def test_what_has_been_written_is_forgotten(name, monkeypatch, tmp_path):
    """However large the catalogue is, only a few of its resources are ever in memory."""
    monkeypatch.setattr("resources.opendata.record_builder.CHUNK", 10)
    crowd(make_document(), 120)
    alive = []

    def counted(facts):
        if facts.pk % 40 == 0:
            gc.collect()
            alive.append(sum(issubclass(type(thing), Resource) for thing in gc.get_objects()))
        return facts

    everything = exports.everything
    monkeypatch.setattr(exports, "everything", lambda: map(counted, everything()))
    with (tmp_path / name).open("w+b") as target:
        EXPORTS[name].write(target, SiteSettings.load())
    assert len(alive) > 1
    assert max(alive) <= 10 * 4  # two chunks, each resource with its child
