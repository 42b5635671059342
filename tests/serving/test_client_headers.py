"""No header that a client can send changes which page is rendered, nor under which key it is kept, for anybody else."""

import itertools

import pytest

GUIDE, OTHER = "/recursos/guia-de-agua/", "/recursos/guia-de-riego/"
_fresh = itertools.count()


def address() -> str:
    """Return an address of the guide that nothing has asked for yet: no page is kept for it."""
    return f"{GUIDE}?visita={next(_fresh)}"


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "SCRIPT-NAME", "Script_Name"])
def test_a_script_name_changes_no_page(site, name):
    plain, poisoned = site.get(address()), address()
    attacked = site.get(poisoned, f"{name}: {GUIDE.rstrip('/')}")
    assert "<title>Guía de agua" in plain.text
    assert "<title>Guía de agua" in attacked.text
    assert "<title>Guía de agua" in site.get(poisoned).text
    assert site.get("/x/admin/login/", f"{name}: /x").status == 404
    assert site.get("/x/recursos/", f"{name}: /x").status == 404


NAMES = (
    "PATH_INFO PATH-INFO X-Forwarded-Host X-Forwarded-Server X-Forwarded-Port X-Forwarded-Prefix X-Forwarded-Path"
    " X-Forwarded-Uri X-Forwarded-Ssl X-Forwarded-Protocol X-Forwarded-Scheme X-Forwarded-For X-Real-IP Forwarded"
    " X-Original-URL X-Rewrite-URL X-Original-Host X-Host X-HTTP-Method-Override X-HTTP-Method X-Method-Override"
    " Front-End-Https X-Url-Scheme X-Scheme HTTP_HOST HTTP-HOST REQUEST_METHOD QUERY_STRING REMOTE_USER"
    " X-Requested-With X-Script-Name SCRIPT_URL REDIRECT_URL DNT Save-Data Via"
    " Accept Accept-Language Accept-Charset Cookie2 Cache-Control Pragma Range If-Range If-Match If-None-Match"
    " If-Modified-Since If-Unmodified-Since User-Agent Referer Origin Authorization Content-Type"
).split()
VALUES = {
    "X-Forwarded-Ssl": "on",
    "X-Forwarded-Protocol": "ssl",
    "X-Forwarded-Scheme": "https",
    "X-Url-Scheme": "https",
    "X-Scheme": "https",
    "Front-End-Https": "on",
    "X-Forwarded-Port": "444",
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=https",
    "X-HTTP-Method-Override": "DELETE",
    "X-HTTP-Method": "DELETE",
    "X-Method-Override": "DELETE",
    "REQUEST_METHOD": "DELETE",
    "QUERY_STRING": "q=agua",
    "Accept": "application/json",
    "Accept-Language": "en-GB,qu;q=0.5",
    "Range": "bytes=0-9",
    "If-Range": '"x"',
    "If-None-Match": 'W/"x"',
    "If-Match": 'W/"x"',
    "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT",
    "If-Unmodified-Since": "Thu, 01 Jan 1970 00:00:00 GMT",
    "Cookie2": "x=y",
    "Content-Type": "multipart/form-data; boundary=x",
}
PATHS = {
    "PATH_INFO",
    "PATH-INFO",
    "X-Original-URL",
    "X-Rewrite-URL",
    "X-Forwarded-Uri",
    "X-Forwarded-Path",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_header_leaves_the_next_visitor_the_page_that_was_asked_for(site, name):
    value = VALUES.get(name) or (OTHER if name in PATHS else "evil.example")
    clean, poisoned = address(), address()
    expected = site.get(clean).text.replace(clean, poisoned)
    attacked = site.get(poisoned, f"{name}: {value}")
    assert attacked.status in (200, 412), attacked.text  # 412: If-Match and the like are answered
    if attacked.status == 200:
        assert attacked.text == expected
    for _ in range(2):
        after = site.get(poisoned)
        assert (after.status, after.text) == (200, expected)
        assert "content-encoding" not in after.headers


def test_a_page_of_another_scheme_is_kept_apart(site):
    """Only X-Forwarded-Proto of a trusted proxy tells of https, and the key of a kept page holds it."""
    poisoned = address()
    secure = site.get(poisoned, "X-Forwarded-Proto: https")
    assert secure.status == 200
    assert site.get(poisoned).text == secure.text
    assert site.get("/admin/clave/", "X-Forwarded-Proto: https").status != 400
    assert site.get(poisoned, "X-Forwarded-Proto: https", "X-Forwarded-Proto: http").status == 400


def test_another_host_of_ours_is_kept_apart_and_one_that_is_not_ours_is_refused(site):
    poisoned = address()
    elsewhere = site.get(poisoned, host="otro.example")
    here = site.get(poisoned)
    assert elsewhere.status == here.status == 200
    assert "otro.example" not in here.text
    assert site.get(poisoned, host="evil.example").status == 400
    assert site.get(poisoned, "Host: otro.example").status == 400, "two hosts are one too many"
    assert site.get(f"http://evil.example{poisoned}").text == here.text, "an absolute target"


@pytest.mark.parametrize("coding", ["br", "gzip", "zstd", "br;q=0, gzip;q=0", "identity;q=0", "*"])
def test_a_compressed_page_is_not_served_to_a_browser_without_that_coding(site, coding):
    poisoned = address()
    expected = site.get(address()).headers["content-type"]
    first = site.get(poisoned, f"Accept-Encoding: {coding}")
    assert first.status == 200
    after = site.get(poisoned)
    assert "content-encoding" not in after.headers
    assert "<title>Guía de agua" in after.text
    assert after.headers["content-type"] == expected


@pytest.mark.parametrize(
    "cookie",
    ["sesion=inventada", "csrf=abc", "messages=inventado", "sessionid=x", "django_language=en"],
)
def test_a_cookie_changes_no_kept_page(site, cookie):
    clean, poisoned = address(), address()
    expected = site.get(clean).text.replace(clean, poisoned)
    assert site.get(poisoned, f"Cookie: {cookie}").status == 200
    assert site.get(poisoned).text == expected


def test_an_editor_s_page_is_left_to_nobody(site):
    poisoned = address()
    assert "/admin/" in site.get(poisoned, f"Cookie: sesion={site.session}").text
    after = site.get(poisoned)
    assert 'href="/admin/' not in after.text


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "PUT", "get", "TRACE"])
def test_another_method_leaves_the_next_visitor_the_page(site, method):
    poisoned = address()
    site.get(poisoned, method=method)
    assert "<title>Guía de agua" in site.get(poisoned).text
