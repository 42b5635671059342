"""What a file costs to fetch, the format beside it, players and codes."""

import re

import pytest

from resources.kinds.video import youtube_player
from resources.models import Resource
from resources.qr_code import qr_code
from resources.templatetags.formats import waiting
from tests.makers import make_document, make_infographic, make_section, make_video, put_file


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (57_000, ""),
        (400_000, "unos 5 s en 3G"),
        (3_200_000, "unos 40 s en 3G"),
        (5_000_000, "alrededor de 1 min en 3G"),
        (14_400_000, "unos 3 min en 3G"),
    ],
)
def test_a_large_file_says_how_long_it_takes_on_a_slow_line(size, words):
    assert waiting(size).replace("\u00a0", " ") == words


@pytest.mark.django_db
def test_the_accessible_format_stands_beside_the_pdf_on_card_and_page(client):
    document = make_document(title="Guía", section=make_section(title="Guías"))
    put_file(document, name="guia.pdf")
    word = put_file(document, b"PK" + b"x" * 9_998, "guia.docx", role="accessible", label="En Word")
    said = "<li>también DOCX, 10\u00a0kB"  # "accesible" only where somebody has said so
    for path in ("/", "/secciones/guias/", "/recursos/"):
        assert f"{said}</li>" in client.get(path).text, path
    word.file.accessible = True
    word.file.save()
    for path in ("/", "/secciones/guias/", "/recursos/"):
        assert f"{said}, accesible</li>" in client.get(path).text, path
    page = client.get("/recursos/guia/").text
    beside = re.search(r'class="beside">.*?</p>', page, re.S)[0]
    assert word.file.get_absolute_url() in beside
    assert "En Word (DOCX" in beside
    word.file.delete()
    assert Resource.objects.get().accessible_version is None
    assert "también DOCX" not in client.get("/").text


@pytest.mark.django_db
def test_no_link_is_pending_once_there_is_something_to_open(client):
    document, video = make_document(link_pending=True), make_video(link_pending=True)
    assert client.get("/recursos/").text.count("Enlace por verificar") == 2
    put_file(document)
    video.url = "https://videos.example.org/1"
    video.save()
    for path in ("/recursos/", document.get_absolute_url(), video.get_absolute_url()):
        assert "Enlace por verificar" not in client.get(path).text, path


@pytest.mark.django_db
def test_a_title_in_another_language_says_which(client):
    document = make_document(title="Open data guide", language="en")
    put_file(document, label="The guide", language="en")
    for path in ("/", "/recursos/", document.get_absolute_url()):
        assert re.search(r'lang="en"[^>]*>Open data guide', client.get(path).text), path
    assert re.search(
        r'class="file-name"[^>]* lang="en"', client.get(document.get_absolute_url()).text
    )


PLAYER = "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.youtube.com/watch?v=aqz-KE-bpKQ&t=3",
        "https://m.youtube.com/watch?list=x&v=aqz-KE-bpKQ",
        "https://youtu.be/aqz-KE-bpKQ?si=abc",
        "https://youtube.com/shorts/aqz-KE-bpKQ",
        "https://www.youtube.com/live/aqz-KE-bpKQ",
        "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ",
    ],
)
def test_a_video_on_youtube_plays_from_the_host_without_cookies(url):
    assert youtube_player(url).startswith(PLAYER)
    assert "disablekb=1" in youtube_player(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://vimeo.com/1",
        "https://www.youtube.com/channel/abcdefghijk",
        "https://www.youtube.com/watch?v=short",
        'https://youtu.be/"onload=xx',
        "https://youtube.com.evil.example/watch?v=aqz-KE-bpKQ",
        "javascript://youtube.com/watch?v=aqz-KE-bpKQ",
        "",
    ],
)
def test_any_other_address_has_no_player(url):
    assert youtube_player(url) == ""


@pytest.mark.django_db
def test_only_a_video_on_youtube_is_offered_in_the_page_and_the_policy_frames_no_other_host(client):
    known = make_video(url="https://youtu.be/aqz-KE-bpKQ", link_pending=False)
    other = make_video(url="https://vimeo.com/1", link_pending=False)
    answer = client.get(known.get_absolute_url())
    assert "data-player=" in answer.text
    assert "<iframe" not in answer.text
    assert "frame-src https://www.youtube-nocookie.com;" in answer["Content-Security-Policy"] + ";"
    html = client.get(other.get_absolute_url()).text
    assert "data-player=" not in html
    assert 'href="https://vimeo.com/1"' in html


@pytest.mark.django_db
def test_a_video_of_its_own_plays_with_captions(client):
    video = make_video(title="Voces")
    put_file(video, b"x", "voces.mp4", media_type="video/mp4")
    put_file(video, b"WEBVTT", "voces.vtt", role="captions", media_type="text/vtt")
    html = client.get(video.get_absolute_url()).text
    assert re.search(r'<video[^>]*controls[^>]*aria-label="Voces"', html)
    assert re.search(r'<track kind="captions"[^>]*srclang="es"[^>]* default>', html)


def test_a_code_is_a_square_with_its_quiet_zone_drawn_as_one_path():
    code = qr_code("https://recursos.example/recursos/guia/")
    assert code.size >= 21 + 8
    assert re.fullmatch(r"(M4 \d+\.5(h\d+|m\d+ 0h\d+)+)+", code.path)
    first = re.match(r"M4 4\.5h(\d+)m(\d+) ", code.path)
    assert first[1] == "7", "the edge of a finder, seven modules, comes first"
    rows = re.findall(r"M4 (\d+)\.5([^M]+)", code.path)
    assert len(rows) == code.size - 8
    for _, strokes in rows:
        length = sum(int(number) for number in re.findall(r"(?:h|m)(\d+)", strokes))
        assert length <= code.size - 8


@pytest.mark.django_db
def test_the_printed_sheet_names_address_code_checksum_and_the_day_of_its_facts(client):
    picture = make_infographic(title="Pilares")
    stored = put_file(picture)
    sheet = client.get(picture.get_absolute_url()).text.partition('class="only-print')[2]
    assert "127.0.0.1:8000/recursos/pilares/" in sheet
    assert f"127.0.0.1:8000{picture.short_url}<" in sheet
    assert qr_code(f"http://127.0.0.1:8000{picture.short_url}").path in sheet
    assert stored.sha256[:16] in sheet
    assert "Datos al " in sheet
    assert "impreso el" in sheet
