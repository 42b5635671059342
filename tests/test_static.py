"""Static files as production serves them: collected, hashed, compressed."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from tests.makers import make_document, make_infographic, make_law, make_video


@pytest.fixture
def collected(settings, tmp_path):
    """Collect the static files as production has them."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.mark.django_db
def test_collected_files_are_hashed_compressed_and_all_there(collected, tmp_path):
    html = Client().get("/").text
    assets = re.findall(r'(?:href|src)="(/static/[^"#]+)', html)
    assert assets
    for asset in assets:
        assert re.search(r"\.[0-9a-f]{12}\.", asset), f"{asset} is not hashed"
        path = tmp_path / asset.removeprefix("/")
        assert path.is_file()
        if path.suffix in {".css", ".js"}:
            assert path.with_name(path.name + ".br").is_file()


@pytest.mark.django_db
def test_every_kind_of_page_names_only_files_that_were_collected(collected, tmp_path):
    things = [make() for make in (make_document, make_infographic, make_law, make_video)]
    shelf = things[0].section.get_absolute_url()
    addresses = [thing.get_absolute_url() for thing in things]
    for path in [*addresses, shelf, "/recursos/", "/recursos/?q=recurso", "/verificar/"]:
        assert Client().get(path).status_code == 200, path
    for path in ("/nada/", "/recursos/nada/"):
        assert Client().get(path).status_code == 404


@pytest.mark.django_db
def test_a_first_visit_to_the_home_page_is_light(collected, tmp_path):
    """HTML and CSS together at most 14 KB compressed, scripts at most 5 (DESIGN, section 9)."""
    answer = Client().get("/", headers={"Accept-Encoding": "gzip"})
    html = Client().get("/").text
    sizes = {".css": 0, ".js": 0}
    for asset in re.findall(r'(?:href|src)="(/static/[^"#]+\.(?:css|js))"', html):
        path = tmp_path / asset.removeprefix("/")
        sizes[path.suffix] += path.with_name(path.name + ".br").stat().st_size
    assert len(answer.content) + sizes[".css"] <= 14_000
    assert sizes[".js"] <= 5_000
