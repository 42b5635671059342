"""The transcript beside a player in a real browser: its times jump, by click, by keyboard and by address."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import EVERY_WAY, until
from tests.inspection.makers import mp4_bytes
from tests.makers import make_file, make_video

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CUES = "".join(
    f"{minute:02}:25.000 --> {minute:02}:28.000\nSe dice la frase número {minute} sobre la transparencia.\n\n"
    for minute in range(30)
)
PLAYER = "https://www.youtube-nocookie.com/**"


@pytest.fixture
def video(live_server, tmp_path):
    """Make a video on a platform, with captions and chapters."""
    made = make_video(
        title="Voces",
        slug="voces",
        url="https://youtu.be/aqz-KE-bpKQ",
        transcript="## Saludo\n\nHola.\n\n## El derecho (3:25)\n\nAlgo.",
    )
    make_file(made, f"WEBVTT\n\n{CUES}".encode(), "voces.vtt", folder=tmp_path, role="captions")
    return made


@pytest.fixture
def own_video(video, tmp_path):
    """Make the same video a file of this site."""
    video.url = ""
    video.save()
    make_file(video, mp4_bytes(), "voces.mp4", folder=tmp_path)
    return video


def test_axe_finds_nothing_and_the_transcript_scrolls_in_its_own_box(open_page, look, video):
    page = open_page(f"{video.get_absolute_url()}#t=205")
    look(page, "voces", EVERY_WAY)
    box = page.get_by_role("region", name="Lo que se dice")
    assert box.evaluate("box => box.scrollTop > 0 && box.scrollHeight > box.clientHeight")
    assert page.faults == []


def test_a_time_starts_the_player_of_a_platform_there(open_page, video):
    page = open_page(video.get_absolute_url())
    page.route(PLAYER, lambda route: route.fulfill(body="<p>Video</p>", content_type="text/html"))
    page.get_by_role("link", name="Ir a 3:25").focus()
    with page.expect_request(PLAYER) as asked:
        page.keyboard.press("Enter")
    assert "start=205" in asked.value.url
    with page.expect_request(PLAYER) as asked:
        page.get_by_role("link", name="Ir a 4:25").click()
    assert re.findall(r"start=(\d+)", asked.value.url) == ["265"]


def test_a_time_and_an_address_set_the_player_of_this_site(open_page, own_video):
    page = open_page(f"{own_video.get_absolute_url()}#t=205")
    until(page, "document.querySelector('video').currentTime === 205")
    marked = page.locator(".transcript [aria-current]")
    expect(marked).to_contain_text("frase número 3 ")
    expect(marked).to_be_in_viewport()
    expect(page.locator("video")).to_be_in_viewport()
    page.get_by_role("link", name="Ir a 0:25").click()
    until(page, "document.querySelector('video').currentTime === 25")
    assert page.url.endswith("#t=25")
    page.get_by_role("link", name="Ver desde 3:25").click()
    until(page, "document.querySelector('video').currentTime === 205")
    expect(page.locator("video")).to_be_in_viewport()
    expect(marked).to_contain_text("frase número 3 ")
    page.evaluate("document.querySelector('video').currentTime = 300")
    page.evaluate("document.querySelector('video').dispatchEvent(new Event('timeupdate'))")
    expect(marked).to_contain_text("frase número 4 ")


def test_without_javascript_the_times_lead_to_what_is_said(open_page, video):
    page = open_page(video.get_absolute_url(), java_script_enabled=False)
    page.get_by_role("link", name="Ir a 3:25").click()
    assert page.url.endswith("#t=205")
    expect(page.get_by_text("frase número 3 ")).to_be_in_viewport()
