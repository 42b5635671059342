"""The transcript of a video: beside the player with times, found by search to the passage, downloaded as text."""

import pytest

from resources.files.caption_upgrade import read_captions_again
from resources.models import PageText, SiteSettings
from tests.inspection.makers import mp4_bytes
from tests.makers import make_document, make_file, make_video, put_file

pytestmark = pytest.mark.django_db
CAPTIONS = """WEBVTT

00:01.000 --> 00:03.000
Buenos días.

03:25.000 --> 03:28.000
La transparencia es un derecho.
"""
CHAPTERS = "## Saludo\n\nBuenos días.\n\n## El derecho (3:25)\n\n<b>Dicen</b> algo."
PLATFORM = "https://youtu.be/aqz-KE-bpKQ"
TIME = '<a href="#t=205" data-second="205">'


def make_captioned(folder, captions: str = CAPTIONS, **values):
    video = make_video(**{"title": "Voces", "slug": "voces"} | values)
    make_file(video, captions.encode(), "voces.vtt", folder=folder, role="captions")
    return video


def page_of(client, video) -> str:
    return client.get(video.get_absolute_url()).content.decode()


def test_the_captions_are_read_beside_the_player_with_times_that_jump(client, tmp_path):
    page = page_of(client, make_captioned(tmp_path, url=PLATFORM))
    assert '<p id="t=205">' in page
    assert f'{TIME}<span class="vh">Ir a </span>3:25</a>' in page
    assert "La transparencia es un derecho." in page


def test_a_file_of_this_site_is_a_player_that_times_are_sent_to(client, tmp_path):
    video = make_captioned(tmp_path)
    make_file(video, mp4_bytes(), "voces.mp4", folder=tmp_path)
    assert TIME in page_of(client, video)


def test_times_are_plain_text_where_the_page_has_no_player(client, tmp_path):
    page = page_of(client, make_captioned(tmp_path, url="https://vimeo.com/1"))
    assert "data-second" not in page
    assert '<span class="muted">3:25</span>' in page


def test_captions_in_the_language_of_the_video_are_shown(client, tmp_path):
    video = make_video(slug="voces")
    for language, words in (("en", "Good morning."), ("es", "Buenos días.")):
        make_file(
            video,
            CAPTIONS.replace("Buenos días.", words).encode(),
            f"{language}.vtt",
            folder=tmp_path,
            role="captions",
            language=language,
        )
    page = page_of(client, video)
    assert "Buenos días." in page
    assert "Good morning." not in page


def test_headings_of_the_transcript_are_chapters_and_one_with_a_time_is_played_from_there(client):
    page = page_of(client, make_video(transcript=CHAPTERS, url=PLATFORM))
    assert '<a href="#capitulo-1">Saludo</a>' in page
    assert '<h3 id="capitulo-2">El derecho (3:25)</h3>' in page
    assert f"{TIME}Ver desde 3:25" in page
    assert "&lt;b&gt;Dicen" in page
    assert "Capítulos" not in page_of(client, make_video(transcript="## Uno solo\n\nTexto."))


def test_a_search_leads_to_the_second_at_which_it_is_said(client, tmp_path):
    make_captioned(tmp_path)
    page = client.get("/recursos/?q=transparencia").content.decode()
    assert 'href="/recursos/voces/#t=205">minuto 3:25' in page


def test_captions_of_another_kind_are_found_in_their_file(client, tmp_path):
    document = make_document(slug="guia")
    make_file(document, CAPTIONS.encode(), "voces.vtt", folder=tmp_path, role="annex")
    page = client.get("/recursos/?q=transparencia").content.decode()
    assert 'href="/recursos/guia/archivos/voces.vtt">en el archivo' in page


def test_the_transcript_is_downloaded_as_text(client, tmp_path):
    video = make_captioned(tmp_path)
    path = "/recursos/voces/transcripcion.txt"
    assert f'href="{path}"' in page_of(client, video)
    answer = client.get(path)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert 'filename="voces-transcripcion.txt"' in answer["Content-Disposition"]
    assert "[3:25] La transparencia es un derecho." in answer.content.decode()
    video.transcript = "## Escrita por la editora"
    video.save()
    assert "Escrita por la editora" in client.get(path).content.decode()


def test_a_resource_without_a_transcript_has_no_text_to_download(client):
    make_video(slug="voces")
    make_document(slug="guia")
    make_video(slug="borrador", transcript="Texto", status="draft")
    for slug in ("voces", "guia", "borrador"):
        assert client.get(f"/recursos/{slug}/transcripcion.txt").status_code == 404, slug


def test_captions_of_before_are_read_again_with_their_times_after_an_update(client):
    video = make_video(slug="voces", url=PLATFORM)
    version = put_file(
        video, CAPTIONS.encode(), "voces.vtt", role="captions", media_type="text/vtt"
    )
    PageText.objects.create(version=version, page=1, text="Buenos días.\nLa transparencia")
    before = SiteSettings.load().content_version
    read_captions_again.call()
    assert SiteSettings.load().content_version > before
    assert TIME in page_of(client, video)
    before = SiteSettings.load().content_version
    read_captions_again.call()
    assert SiteSettings.load().content_version == before, "nothing was left to read"
