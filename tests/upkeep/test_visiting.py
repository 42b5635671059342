"""One visit to one address: what is understood of the answer, and where no visit ever goes. No network: a site on loopback."""

import socket

import pytest

from resources.models import Link
from tests.upkeep.site import running
from upkeep import reaching
from upkeep.reaching import is_public
from upkeep.visiting import Visitor

NAMES = {
    "sitio.example": ["127.0.0.1"],
    "mixto.example": ["93.184.216.34", "10.0.0.7"],
    "dentro.example": ["10.0.0.7"],
}


@pytest.fixture(autouse=True)
def _names(monkeypatch):
    """Resolve the names of the tests and no other."""

    def resolve(host, port, *args, **kwargs):
        numbers = NAMES.get(host) or ([host] if host[0].isdigit() or ":" in host else [])
        if host == "ahora-no.example":
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        if not numbers:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(2, 1, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr(reaching.socket, "getaddrinfo", resolve)


def here(site) -> Visitor:
    """A visitor that may go to this machine, at the site's port, and nowhere else."""
    return Visitor(
        "https://portal.example",
        lambda number: number == "127.0.0.1",
        frozenset({site.server_port, 80}),
    )


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (200, "fine"),
        ({"HEAD": 405, "GET": 200}, "fine"),
        ({"HEAD": 404, "GET": 200}, "fine"),
        ((301, "/otra?año=1&n=ñ"), "fine"),
        (404, "not_found"),
        (410, "removed"),
        ((302, "/falta"), "not_found"),
        (403, "refused"),
        (429, "refused"),
        (500, "fault"),
        (503, "fault"),
        ((302, "/pagina"), "astray"),
        ((302, "http://dentro.example/"), "unreached"),
        ((302, "http://127.0.0.2/"), "unreached"),
        ((302, "file:///etc/passwd"), "unreached"),
        ((302, "http://no-existe.example/"), "no_host"),
    ],
)
def test_an_answer_is_understood(answer, finding):
    with running({"/pagina": answer, "/otra?a%C3%B1o=1&n=%C3%B1": 200}) as site:
        assert here(site).visit(f"{site.url}/pagina") == finding
        assert site.agents == {"Recursos (comprueba sus enlaces; https://portal.example/)"}
        assert site.asked[0] == ("HEAD", "/pagina")
        assert len(site.asked) <= 6


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://dentro.example/",
        "http://mixto.example/",  # one of its two numbers is inside: it could be the one that answers
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://93.184.216.34:22/",
        "http://93.184.216.34:x/",
        "http://alguien:clave@93.184.216.34/",
        "ftp://93.184.216.34/",
        "http:///nada",
    ],
)
def test_no_visit_goes_inside(url, monkeypatch):
    monkeypatch.setattr(
        reaching.socket, "create_connection", lambda *args: pytest.fail("it was connected to")
    )
    assert Visitor("https://portal.example").visit(url) == "unreached"


def test_the_number_that_was_looked_at_is_the_one_connected_to(monkeypatch):
    """A name that points elsewhere at the second question (DNS rebinding) is not asked about a second time."""
    met = []

    def connect(address, timeout):
        met.append(address)
        raise TimeoutError

    monkeypatch.setattr(reaching.socket, "create_connection", connect)
    monkeypatch.setitem(NAMES, "publico.example", ["93.184.216.34"])
    assert Visitor("https://portal.example").visit("http://publico.example/") == "silent"
    assert met == [("93.184.216.34", 80)]


def test_only_a_name_that_nobody_has_is_missing():
    visitor = Visitor("https://portal.example")
    assert visitor.visit("http://no-existe.example/") == "no_host"
    assert visitor.visit("http://ahora-no.example/") == "silent"


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
        ("ff0e::1", False),
    ],
)
def test_a_number_is_public_or_not(number, public):
    assert is_public(number) is public


def test_what_is_found_has_words_in_spanish():
    assert all(label and label[0].islower() for label in Link.Finding.labels)
