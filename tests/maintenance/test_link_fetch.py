"""One visit to one address: what is understood of the answer, and where no visit ever goes. No network: a site on loopback."""

import socket

import pytest

from maintenance import safe_connection
from maintenance.link_fetch import LinkFetcher
from maintenance.safe_connection import is_public
from resources.models import Link
from tests.maintenance.site import running

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

    monkeypatch.setattr(safe_connection.socket, "getaddrinfo", resolve)


def here(site) -> LinkFetcher:
    """A fetcher that may go to this machine, at the site's port, and nowhere else."""
    return LinkFetcher(
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
    with running({"/pagina": answer, "/otra?a%F1o=1&n=%F1": 200}) as site:
        assert here(site).fetch(f"{site.url}/pagina") == finding
        assert site.agents == {"Recursos (comprueba sus enlaces; https://portal.example/)"}
        assert site.asked[0] == ("HEAD", "/pagina")
        assert len(site.asked) <= 12


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/año".encode(), "/a%C3%B1o"),
        ("/año".encode("cp1252"), "/a%F1o"),
        ("/Åland/à".encode(), "/%C3%85land/%C3%A0"),  # bytes that read as line ends or spaces
        ("/“cita”".encode("cp1252"), "/%93cita%94"),
        ("/otra página?a=b c".encode(), "/otra%20p%C3%A1gina?a=b%20c"),
        (b"/otra%20p%C3%A1gina#parte", "/otra%20p%C3%A1gina"),
        (b"otra", "/rama/otra"),
        (b"../otra", "/otra"),
        (b"?pagina=2", "/rama/hoja?pagina=2"),
        (b"//sitio.example:PORT/otra", "/otra"),
        ("http://españa.example:PORT/año".encode(), "/a%C3%B1o"),
        ("http://españa.example:PORT/año".encode("cp1252"), "/a%F1o"),
        (b"http://xn--espaa-rta.example:PORT/otra", "/otra"),
    ],
)
def test_a_location_is_followed_as_browsers_do(location, target, monkeypatch):
    monkeypatch.setitem(NAMES, "xn--espaa-rta.example", ["127.0.0.1"])
    with running({target: 200}) as site:
        to = location.replace(b"PORT", str(site.server_port).encode())
        site.answers["/rama/hoja"] = (302, to)
        assert here(site).fetch(f"{site.url}/rama/hoja") == "fine"
        assert site.asked == [("HEAD", "/rama/hoja"), ("HEAD", target)]


@pytest.mark.parametrize("host", ["españa.example", "xn--espaa-rta.example"])
def test_a_typed_host_may_have_letters_of_its_language(host, monkeypatch):
    monkeypatch.setitem(NAMES, "xn--espaa-rta.example", ["127.0.0.1"])
    with running({"/": 200}) as site:
        assert here(site).fetch(f"http://{host}:{site.server_port}/") == "fine"


@pytest.mark.parametrize(
    "head",
    [
        401,
        403,
        404,
        405,
        410,
        429,
        500,
        501,
        503,
        "hang up",
        (302, "/error"),
        (302, "/pagina"),  # in a circle
        (302, "http://dentro.example/"),
        (302, "http://no-existe.example/"),
        (302, "http://ahora-no.example/"),
        (302, "http://[mal/"),
        (302, "http://sitio.example:22/"),
    ],
)
@pytest.mark.parametrize("get", [200, (301, "/bien"), 404])
def test_a_failed_head_is_asked_again_as_get_from_the_first_address(head, get):
    answers = {"/pagina": {"HEAD": head, "GET": get}, "/error": 404, "/bien": 200}
    with running(answers) as site:
        found = here(site).fetch(f"{site.url}/pagina")
        assert found == ("not_found" if get == 404 else "fine")
        assert ("GET", "/pagina") in site.asked
        assert ("GET", "/error") not in site.asked


@pytest.mark.parametrize(
    "to", ["http://127.0.0.2/", "http://dentro.example/", "http://mixto.example/", "file:///x"]
)
def test_a_get_goes_inside_no_more_than_a_head(to, monkeypatch):
    connected = []
    create = safe_connection.socket.create_connection

    def connect(address, *args):
        connected.append(address[0])
        return create(address, *args)

    monkeypatch.setattr(safe_connection.socket, "create_connection", connect)
    with running({"/pagina": {"HEAD": 404, "GET": (302, to)}}) as site:
        assert here(site).fetch(f"{site.url}/pagina") == "unreached"
    assert set(connected) == {"127.0.0.1"}


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
        safe_connection.socket,
        "create_connection",
        lambda *args: pytest.fail("it was connected to"),
    )
    assert LinkFetcher("https://portal.example").fetch(url) == "unreached"


def test_the_number_that_was_looked_at_is_the_one_connected_to(monkeypatch):
    """A name that points elsewhere at the second question (DNS rebinding) is not asked about a second time."""
    met = []

    def connect(address, timeout):
        met.append(address)
        raise TimeoutError

    monkeypatch.setattr(safe_connection.socket, "create_connection", connect)
    monkeypatch.setitem(NAMES, "publico.example", ["93.184.216.34"])
    assert LinkFetcher("https://portal.example").fetch("http://publico.example/") == "silent"
    assert met == [("93.184.216.34", 80)]


def test_only_a_name_that_nobody_has_is_missing():
    fetcher = LinkFetcher("https://portal.example")
    assert fetcher.fetch("http://no-existe.example/") == "no_host"
    assert fetcher.fetch("http://ahora-no.example/") == "silent"


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
