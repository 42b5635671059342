"""Clients that send or read slowly take no thread from the others, and are cut off at their deadline."""

import select
import socket
import time
from contextlib import ExitStack

import pytest

from tests.serving.conftest import answer_on

THREADS = 2
MANY = 3 * THREADS
SOON = 2  # seconds, with all that a busy machine may add; a page takes a hundredth


@pytest.fixture(scope="module")
def impatient_site(start):
    """A site that waits for one second, and one more for each 4,000 bytes."""
    return start(WEB_THREADS=THREADS, CLIENT_TIMEOUT=1)


@pytest.fixture(scope="module")
def patient_site(start):
    return start(WEB_THREADS=THREADS)


def is_quick(site) -> bool:
    begun = time.monotonic()
    return site.get("/").status == 200 and time.monotonic() - begun < SOON


HEADS = {
    "a head": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ",
    "one byte": b"G",
    "a head after empty lines": b"\r\n\r\n\r\nGET / HTTP/1.1\r\n",
    "a form": b"POST /reportar/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nmessage=",
    "a body of a page": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nx",
    "a sign-in": b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\nx",
}
IN_A_THREAD = {
    "chunks": b"POST /reportar/ HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    "a copy to verify": b"POST /verificar/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900000\r\n"
    b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x",
}


@pytest.mark.parametrize(
    "begun", [*HEADS.values(), *IN_A_THREAD.values()], ids=[*HEADS, *IN_A_THREAD]
)
def test_more_slow_senders_than_threads_leave_the_home_page_quick(patient_site, begun):
    with ExitStack() as open_lines:
        for _ in range(MANY):
            open_lines.enter_context(patient_site.connect()).sendall(begun)
        assert is_quick(patient_site)
        assert is_quick(patient_site)


@pytest.mark.parametrize(
    "begun", [*HEADS.values(), *IN_A_THREAD.values()], ids=[*HEADS, *IN_A_THREAD]
)
def test_a_request_that_comes_too_slowly_is_cut_and_told(impatient_site, begun):
    started = time.monotonic()
    with impatient_site.connect() as line:
        line.sendall(begun)
        answer = answer_on(line)
        assert line.recv(1) == b"", "and closed"
    assert answer.status == 408
    assert "vuelva a intentarlo" in answer.text or "otra vez" in answer.text
    assert 0.5 < time.monotonic() - started < 10


def test_bytes_that_drip_do_not_put_the_deadline_off(impatient_site):
    with impatient_site.connect(0.3) as line:
        line.sendall(HEADS["a form"])
        for _ in range(40):  # the socket's timeout is the pace
            line.sendall(b"x")
            try:
                assert line.recv(100).startswith(b"HTTP/1.1 408 ")
                break
            except TimeoutError:
                continue
        else:
            raise AssertionError("never cut")


def test_a_connection_without_a_request_is_closed_without_a_word(impatient_site):
    with impatient_site.connect() as line:
        assert line.recv(100) == b""


def slow_reader(site, path: str, header: str = "") -> socket.socket:
    """Ask for a file on a connection that takes next to nothing."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(20)
    line.connect(("127.0.0.1", site.port))
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\n".encode())
    return line


@pytest.mark.parametrize("header", ["", "Range: bytes=1000-\r\n"], ids=["whole", "part"])
def test_more_slow_readers_of_a_large_file_than_threads_leave_the_home_page_quick(
    patient_site, large_file, header
):
    path, content = large_file
    with ExitStack() as open_lines:
        lines = []
        for _ in range(MANY):
            line = open_lines.enter_context(slow_reader(patient_site, path, header))
            lines.append(line)
        for line in lines:
            assert line.recv(9) == b"HTTP/1.1 "
        assert is_quick(patient_site)
    answer = patient_site.get(path)
    assert answer.body == content
    part = patient_site.get(path, "Range: bytes=1000-1999999")
    assert (part.status, part.body) == (206, content[1000:2_000_000])


def test_a_connection_goes_on_after_a_file_was_sent(patient_site, large_file):
    path, content = large_file
    with patient_site.connect() as line:
        for asked, expected in (("0-5999999", content[:6_000_000]), ("9-18", content[9:19])):
            line.sendall(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nRange: bytes={asked}\r\n\r\n".encode()
            )
            answer = answer_on(line)
            assert (answer.status, answer.body) == (206, expected)


def test_a_reader_that_takes_nothing_is_cut(impatient_site, large_file):
    with slow_reader(impatient_site, large_file[0]) as line:
        assert line.recv(9) == b"HTTP/1.1 "
        watched = select.poll()
        watched.register(line, select.POLLHUP)
        assert watched.poll(15_000), "reset by the site"
