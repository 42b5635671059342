"""A public page is rendered once and given to all, as long as it is true; nobody is given another's."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import brotli
import pytest
from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resources.models import SiteSettings
from resources.page_cache import (
    CLOCK,
    RETRY,
    UNCHECKED,
    Environ,
    PageCache,
    Stamp,
    StampReader,
    StartResponse,
)
from tests.makers import make_document, make_editor, make_section, pdf_bytes, put_file
from tests.page_caching import current, page_cache_before, read_stamp

pytestmark = pytest.mark.django_db
GUIDE = "/recursos/guia-de-agua/"


@pytest.fixture(autouse=True)
def document():
    return make_document(title="Guía de agua", section=make_section(title="Guías"))


def is_kept(path: str, visitor: Client | None = None, **headers: str) -> bool:
    """Ask twice: tell whether the second time costs only the one query for what is current."""
    visitor = visitor or Client()
    first = visitor.get(path, headers=headers)
    with CaptureQueriesContext(connection) as asked:
        again = visitor.get(path, headers=headers)
    assert again.status_code == first.status_code
    return len(asked) == 1


@pytest.mark.parametrize(
    "path", ["/", "/recursos/", "/recursos/?k=document", "/secciones/guias/", GUIDE, "/novedades/"]
)
def test_a_page_is_rendered_once_and_the_same_for_whoever_comes_next(path):
    first = Client().get(path)
    assert is_kept(path)
    again = Client().get(path)
    assert again.content == first.content
    assert again.headers == first.headers


def test_a_change_shows_at_once(document):
    assert is_kept(GUIDE)
    document.title = "Guía de riego"
    document.save()
    assert "Guía de riego" in Client().get(GUIDE).text
    document.status = "withdrawn"
    document.withdrawn_reason = "La reemplaza otra."
    document.withdrawn_on = timezone.now()
    document.save()
    assert Client().get(GUIDE).status_code == 410


def test_a_due_transition_shows_on_time(freeze):
    soon = timezone.now() + dt.timedelta(minutes=5)
    assert is_kept("/")
    make_document(title="Mañana", link_pending=True, published_at=soon)
    assert "Mañana" not in Client().get("/").text
    freeze(soon)
    assert "Mañana" in Client().get("/").text


def test_another_day_has_its_own_pages(freeze):
    Client().get("/")
    assert is_kept("/")
    freeze(timezone.now() + dt.timedelta(days=1))
    with CaptureQueriesContext(connection) as asked:
        Client().get("/")
    assert len(asked) > 1


def test_an_editor_is_given_no_kept_page_and_leaves_none(document):
    editor = Client()
    editor.force_login(make_editor())
    assert not is_kept(GUIDE, editor)
    assert "/admin/" in editor.get(GUIDE).text
    assert "/admin/" not in Client().get(GUIDE).text
    assert not is_kept(GUIDE, editor)
    document.status = "draft"
    document.save()
    assert editor.get(GUIDE).status_code == 200
    assert Client().get(GUIDE).status_code == 404


def test_each_form_of_compression_is_kept_for_those_who_read_it():
    plain = Client().get("/")
    for accepted, encoding in (("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0", None)):
        assert is_kept("/", **{"Accept-Encoding": accepted})
        assert (
            Client().get("/", headers={"Accept-Encoding": accepted}).get("Content-Encoding")
            == encoding
        )
    packed = Client().get("/", headers={"Accept-Encoding": "br"})
    assert brotli.decompress(packed.content) == plain.content


def test_a_browser_that_has_the_page_is_told_so():
    page = Client().get("/")
    assert is_kept("/")
    for asked in ({"If-None-Match": page["ETag"]}, {"If-None-Match": f'W/"other", {page["ETag"]}'}):
        answer = Client().get("/", headers=asked)
        assert (answer.status_code, answer.content) == (304, b""), asked
        assert answer["ETag"] == page["ETag"]
    assert Client().get("/", headers={"If-None-Match": 'W/"other"'}).status_code == 200
    assert (
        Client().get("/", headers={"If-Modified-Since": page["Last-Modified"]}).status_code == 304
    )


@pytest.mark.parametrize("address", ["/", "/api/v1/recursos"])
def test_the_page_of_another_day_was_modified_since(freeze, address):
    since = Client().get(address)["Last-Modified"]
    asked = {"If-Modified-Since": since}
    assert Client().get(address, headers=asked).status_code == 304
    freeze(timezone.now() + dt.timedelta(days=1))
    later = Client().get(address, headers=asked)
    assert later.status_code == 200
    assert later["Last-Modified"] != since


def test_the_head_alone_can_be_asked_for_and_is_never_kept_as_the_page():
    head = Client().head("/")
    page = Client().get("/")
    assert page.content
    again = Client().head("/")
    assert (again.content, again["ETag"]) == (b"", page["ETag"])
    assert head["Content-Type"] == again["Content-Type"]


def test_the_headers_that_protect_are_on_a_kept_page_too():
    Client().get("/")
    page = Client().get("/")
    assert "default-src" in page["Content-Security-Policy"]
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Permissions-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/recursos/sugerencias?q=ag",
        "/solicitar/",
        "/reportar/",
        "/nada/",
        "/admin/login/",
        f"/recursos/?k={'x' * 200}",
        "/recursos/guia-de-agua/archivos/guia.pdf",
    ],
)
def test_suggestions_forms_errors_files_and_endless_addresses_are_not_kept(path, document):
    put_file(document, pdf_bytes("Uno"))
    Client().get(path)
    Client().get(path)
    assert len(current.cache.pages) == len(current.cache.searches) == 0


def test_searches_are_cached_apart_and_change_with_the_catalogue(document):
    assert is_kept("/recursos/?q=guia")
    assert len(current.cache.pages) == 0
    assert "de agua</a>" in Client().get("/recursos/?q=guia").text
    document.title = "Guía de ríos"
    document.save()
    assert "de ríos</a>" in Client().get("/recursos/?q=guia").text


def test_a_host_that_is_not_ours_is_refused_before_anything_is_kept():
    assert Client().get("/", headers={"Host": "otro.example"}).status_code == 400
    assert SiteSettings.objects.count() == 1


def test_a_portal_that_nothing_was_ever_written_in_has_pages(client):
    QuerySet(SiteSettings).filter(pk=1).update(content_changed_at=None)  # past what notes a change
    assert client.get("/").status_code == 200
    assert client.get("/recursos/").status_code == 200


def page_for_all(content: bytes = b"pagina", status: int = 200, **headers: str) -> HttpResponse:
    """Return a page that may be kept: each test spoils one thing about it."""
    known = {"ETag": '"1"', "Cache-Control": "public, no-cache", "Vary": "Cookie, Accept-Encoding"}
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    response = HttpResponse(content, status=status, content_type="text/html")
    for name, value in (known | changed).items():
        if value:
            response[name] = value
    return response


def with_cookie(name: str) -> HttpResponse:
    response = page_for_all()
    response.set_cookie(name, "1")
    return response


def streamed() -> StreamingHttpResponse:
    return StreamingHttpResponse([b"pagina"], headers=dict(page_for_all().items()))


def renderings(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> int:
    """Send the same request twice; return how often its page was rendered."""
    rendered = []

    def application(environ: Environ, start_response: StartResponse) -> HttpResponseBase:
        rendered.append(environ)
        response = answer()
        start_response(f"{response.status_code} X", [*response.items()])
        return response

    cache = page_cache_before(application)
    for _ in range(2):
        cache(request.environ, lambda *head: None)
    return len(rendered)


def test_a_page_for_all_is_rendered_once():
    assert renderings(RequestFactory().get("/"), page_for_all) == 1


@pytest.mark.parametrize(
    "answer",
    [
        *(partial(page_for_all, status=status) for status in (201, 203, 206, 301, 302, 403, 404)),
        *(partial(page_for_all, status=status) for status in (410, 413, 429, 500, 503)),
        *(partial(with_cookie, name) for name in ("csrf", "sesion", "messages", "otra")),
        streamed,
        partial(page_for_all, ETag=""),
        partial(page_for_all, Content_Type="application/json"),
        partial(page_for_all, Content_Type="application/x-suggestions+json"),
        partial(page_for_all, Cache_Control=""),
        partial(page_for_all, Cache_Control="private"),
        partial(page_for_all, Cache_Control="no-cache, no-store, private"),
        partial(page_for_all, Cache_Control="max-age=60"),
        partial(page_for_all, Vary="*"),
        *(
            partial(page_for_all, Vary=f"Cookie, {name}")
            for name in ("Accept", "Accept-Language", "Authorization", "User-Agent", "Origin")
        ),
        partial(page_for_all, b"x" * 200_001),
    ],
)
def test_an_answer_that_is_not_the_same_for_all_is_never_kept(answer):
    assert renderings(RequestFactory().get("/"), answer) == 2


@pytest.mark.parametrize(
    "request_",
    [
        *(RequestFactory().generic(method, "/") for method in ("HEAD", "POST", "PUT", "OPTIONS")),
        RequestFactory().get(f"/?{'x' * 200}"),
    ],
    ids=str,
)
def test_a_request_that_is_not_asked_by_all_keeps_nothing(request_):
    assert renderings(request_, page_for_all) == 2


def test_a_request_that_may_change_things_is_given_no_kept_page():
    assert renderings(RequestFactory().get("/"), page_for_all) == 1
    assert renderings(RequestFactory().post("/"), page_for_all) == 2


def test_a_session_keeps_nothing_and_is_given_nothing_kept(settings):
    signed_in = RequestFactory().get("/")
    signed_in.environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}=x"
    assert renderings(signed_in, page_for_all) == 2
    assert renderings(RequestFactory().get("/"), page_for_all) == 1
    assert renderings(signed_in, page_for_all) == 2


def test_scheme_host_prefix_and_path_have_kept_pages_of_their_own(settings):
    settings.ALLOWED_HOSTS = ["*"]
    variants = (
        {},
        {"secure": True},
        {"SERVER_NAME": "otro.example"},
        {"path": "/recursos/"},
        {"SCRIPT_NAME": "/recursos"},  # with "/" it reads as the path above
        {"QUERY_STRING": "a=1"},
        {"HTTP_ACCEPT_ENCODING": "br"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
    )
    for variant in variants:
        request = RequestFactory().get(**{"path": "/"} | variant)
        assert renderings(request, page_for_all) == 1, variant


@pytest.mark.parametrize("conditions", [{}, {"If-None-Match": "*"}, {"Accept-Encoding": "br"}])
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("path", ["/", "/recursos/?q=guia", GUIDE, "/recursos.atom"])
def test_a_cached_page_is_the_rendered_one_to_the_byte(path, method, conditions, monkeypatch):
    Client().get(path, headers=conditions | {"If-None-Match": ""})
    Client().get(path)
    with CaptureQueriesContext(connection) as asked:
        cached = getattr(Client(), method)(path, headers=conditions)
    assert len(asked) == 1
    monkeypatch.setattr(current, "cache", None)
    rendered = getattr(Client(), method)(path, headers=conditions)
    assert cached.status_code == rendered.status_code
    assert dict(cached.items()) == dict(rendered.items())
    assert cached.content == rendered.content


def request_of(path: str = "/") -> Environ:
    return RequestFactory().get(path).environ


def test_requests_of_one_page_wait_for_the_first_which_renders_it():
    started, finish, rendered = threading.Event(), threading.Event(), []

    def application(environ: Environ, start_response: StartResponse) -> HttpResponseBase:
        rendered.append(environ)
        started.set()
        finish.wait(10)
        response = page_for_all()
        start_response("200 OK", [*response.items()])
        return response

    cache = PageCache(application, lambda: Stamp(1, None))
    with ThreadPoolExecutor() as pool:
        answers = [pool.submit(cache, request_of(), lambda *head: None)]
        started.wait(10)
        answers += [pool.submit(cache, request_of(), lambda *head: None) for _ in range(5)]
        time.sleep(0.05)
        finish.set()
        assert [b"".join(answer.result()) for answer in answers] == [b"pagina"] * 6
    assert len(rendered) == 1


def test_a_page_that_failed_is_rendered_by_the_next_request():
    cache = PageCache(failing_first(), lambda: Stamp(1, None))
    with pytest.raises(RuntimeError):
        cache(request_of(), lambda *head: None)
    assert b"".join(cache(request_of(), lambda *head: None)) == b"pagina"


def failing_first() -> Callable[..., HttpResponseBase]:
    calls = iter([RuntimeError("no")])

    def application(environ: Environ, start_response: StartResponse) -> HttpResponseBase:
        if error := next(calls, None):
            raise error
        start_response("200 OK", [])
        return page_for_all()

    return application


def test_pages_beyond_the_memory_for_them_are_rendered_again(monkeypatch):
    monkeypatch.setattr("resources.page_cache.MOST_PAGES", 12)  # bytes: two of these pages
    rendered = []

    def application(environ: Environ, start_response: StartResponse) -> HttpResponseBase:
        rendered.append(environ["PATH_INFO"])
        response = page_for_all()
        start_response("200 OK", [*response.items()])
        return response

    cache = PageCache(application, lambda: Stamp(1, None))
    for path in ("/1", "/2", "/1", "/3", "/1", "/2"):
        cache(request_of(path), lambda *head: None)
    assert rendered == ["/1", "/2", "/3", "/2"]


class Database:
    """A database that answers a version, or fails."""

    def __init__(self) -> None:
        self.version, self.fails = 1, 0

    def cursor(self) -> "Database":
        return self

    def execute(self, statement: str) -> None:
        if self.fails:
            self.fails -= 1
            raise OperationalError("gone")

    def fetchone(self) -> tuple[int, None]:
        return self.version, None


@pytest.fixture
def database(monkeypatch) -> Database:
    gone = Database()
    monkeypatch.setattr(StampReader, "_connect", gone.cursor)
    monkeypatch.setattr("resources.page_cache.DRIVER_ERRORS", OperationalError)
    return gone


def test_a_restarted_database_is_reconnected_within_the_request(database):
    read = StampReader()
    assert read() == Stamp(1, None)
    database.version, database.fails = 2, 1
    assert read() == Stamp(2, None)


def test_cached_pages_outlive_an_outage_for_a_while(database):
    now = 0.0
    read = StampReader(clock=lambda: now)
    assert read() == Stamp(1, None)
    database.fails = 1000
    assert read() == Stamp(1, None)
    now += UNCHECKED + 1
    assert read() is None
    database.version, database.fails = 2, 0
    now += RETRY
    assert read() == Stamp(2, None)


def test_the_stamp_read_beside_django_is_the_stored_one():
    later = timezone.now() + dt.timedelta(days=3)
    make_document(title="Mañana", link_pending=True, published_at=later)
    site = SiteSettings.load()
    stamp = read_stamp()
    assert stamp.content_version == site.content_version
    assert stamp.next_due_at == pytest.approx(site.next_due_at.timestamp(), abs=CLOCK)
