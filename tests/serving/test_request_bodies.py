"""A body larger than its address takes is refused before it is read, and the connection ends sensibly."""

import select
import time

import pytest

from tests.serving.conftest import answer_on

KB, MB = 1_000, 1_000_000
UPLOAD_MB, VERIFY_MB = 2, 1
FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=x"
DESK = "/admin/resources/document/add/"
ONE_FILE = "/admin/resources/resource/importar/"


@pytest.fixture(scope="module")
def small_site(start):
    return start(MAX_UPLOAD_MB=UPLOAD_MB, VERIFY_MAX_MB=VERIFY_MB)


def head(path: str, *headers: str, cookie: str = "x=y") -> str:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {FILES}"]
    return "\r\n".join([*lines, f"Cookie: csrf={'a' * 32}; {cookie}", *headers, "", ""])


def in_chunks(size: int) -> str:
    """Return a body of `size` bytes in one chunk, without its end: the sender would go on."""
    return f"{size:x}\r\n{'x' * size}\r\n"


def part(size: int) -> str:
    """Return a form with one file."""
    disposition = 'Content-Disposition: form-data; name="archivo"; filename="a.pdf"'
    return f"--x\r\n{disposition}\r\n\r\n{'x' * size}\r\n--x--\r\n"


@pytest.mark.parametrize("length", [70 * KB, 10**30])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/recursos/",
        "/recursos/guia-de-agua/",
        "/recursos/guia-de-agua/archivos/guia.pdf",
        "/api/v1/recursos",
        "/catalogo.csv",
        "/no-existe/",
        "/csp-reportes",
        "/solicitar/",
        "/reportar/",
        "/verificar/",
        "/admin/login/",
        "/admin/clave/",
        DESK,
    ],
)
def test_a_large_body_of_a_visitor_is_refused_while_it_is_still_to_come(small_site, path, length):
    if path == "/verificar/" and length < MB:
        pytest.skip("taken there")
    answer = small_site.send(head(path, f"Content-Length: {length}") + part(10 * KB))
    assert answer.status == 413
    assert answer.headers["connection"] == "close"
    assert "grande" in answer.text or "largo" in answer.text
    assert "KB" in answer.text or path in ("/verificar/", "/solicitar/", "/reportar/")


@pytest.mark.parametrize(
    "path", ["/", "/api/v1/recursos", "/csp-reportes", "/reportar/", "/verificar/", DESK]
)
def test_a_body_without_a_length_is_read_to_the_limit_and_refused(small_site, path):
    start = head(path, "Transfer-Encoding: chunked")
    answer = small_site.send(start + in_chunks(66 * KB))
    assert (answer.status, answer.headers["connection"]) == (413, "close")
    assert "Content-Length" in answer.text


def test_a_form_in_chunks_within_the_limit_is_understood(small_site):
    body = "message=hola"
    start = head("/reportar/", "Transfer-Encoding: chunked").replace(FILES, FORM)
    answer = small_site.send(f"{start}{len(body):x}\r\n{body}\r\n0\r\n\r\n")
    assert answer.status == 422
    assert "hola</textarea>" in answer.text


@pytest.mark.parametrize("cookie", ["sesion=inventada", "sesion=", "sesion=" + "a" * 32, "otra=1"])
def test_only_a_real_session_of_an_editor_may_send_files(small_site, cookie):
    start = head(DESK, f"Content-Length: {100 * KB}", cookie=cookie)
    answer = small_site.send(start + part(10 * KB))
    assert answer.status == 413
    assert answer.headers["x-desk"] == "login"
    assert "Entre de nuevo" in answer.text


def test_an_editor_may_send_files_up_to_the_limit_of_the_form(small_site):
    session = f"sesion={small_site.session}"
    refusals = {DESK: (UPLOAD_MB * 10 + 1) * MB, ONE_FILE: (UPLOAD_MB + 1) * MB}
    for path, most in refusals.items():
        answer = small_site.send(
            head(path, f"Content-Length: {most + 1}", cookie=session) + part(10)
        )
        assert answer.status == 413, path
        assert f"{most // MB} MB" in answer.text, path
    body = part(UPLOAD_MB * MB)
    answer = small_site.send(head(DESK, f"Content-Length: {len(body)}", cookie=session) + body)
    assert answer.status == 403, "read, and found to be without its token"
    assert "El formulario venció" in answer.text


def test_a_copy_to_verify_may_be_as_large_as_its_form_says(small_site):
    body = part(VERIFY_MB * MB)
    answer = small_site.send(head("/verificar/", f"Content-Length: {len(body)}") + body)
    assert answer.status == 200
    body = part((VERIFY_MB + 1) * MB)
    answer = small_site.send(head("/verificar/", f"Content-Length: {len(body)}") + body[: 10 * KB])
    assert answer.status == 413


def test_a_page_that_only_shows_something_has_no_body_parsed(small_site):
    body = part(10 * KB)
    for path in ("/", "/recursos/", "/recursos/guia-de-agua/", "/robots.txt", "/favicon.ico"):
        answer = small_site.send(head(path, f"Content-Length: {len(body)}") + body)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD"), path
    large = head("/", f"Content-Length: {1_500 * MB}").replace("POST", "GET", 1)
    assert small_site.send(large + "x" * KB).status == 413


def test_a_connection_is_used_again_after_a_small_body_and_closed_after_an_unread_one(small_site):
    page = "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    both = head("/", f"Content-Length: {len(page)}") + page + page
    with small_site.connect() as line:
        line.sendall(both.encode())
        received = b""
        while b"vivo" not in received:
            received += line.recv(65_536)
    assert received.count(b"HTTP/1.1 ") == 2, "the body is no request of its own"
    with small_site.connect() as line:
        line.sendall((head("/", f"Content-Length: {70 * KB}") + page).encode())
        received = b"".join(iter(lambda: line.recv(65_536), b""))
    assert received.count(b"HTTP/1.1 ") == 1


def test_a_client_that_waits_for_leave_to_send_is_given_it(small_site):
    body = b"message=hola"
    start = head("/reportar/", f"Content-Length: {len(body)}", "Expect: 100-continue")
    with small_site.connect() as line:
        line.sendall(start.replace(FILES, FORM).encode())
        assert line.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        line.sendall(body)
        assert line.recv(100).startswith(b"HTTP/1.1 422 ")


def test_a_sender_of_gigabytes_reads_the_refusal(small_site):
    """The server throws away some of what still comes, so that the answer is not lost in a reset."""
    sent = 0
    with small_site.connect(5) as line:
        line.sendall(head("/", f"Content-Length: {1_500 * MB}").encode())
        piece, end = b"x" * MB, time.monotonic() + 10
        try:
            while time.monotonic() < end and sent < 1_500 * MB:
                sent += line.send(piece)
        except OSError:
            pass
        answer = line.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert sent < 100 * MB


def test_few_threads_receive_large_bodies_and_the_next_sender_is_told_to_wait(start):
    site = start(WEB_THREADS=4)  # one of them for visitors' large bodies
    begun = (head("/verificar/", f"Content-Length: {10 * MB}") + "--x\r\n").encode()
    with site.connect() as one, site.connect() as other:
        one.sendall(begun)
        other.sendall(begun)
        (told, *more), _, _ = select.select([one, other], [], [], 20)
        answer = answer_on(told)
        assert not more
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    assert "demasiados archivos" in answer.text
    assert site.get("/").status == 200
