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
        "staticfiles": {"BACKEND": "portal.static_files.StaticFiles"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.mark.django_db
def test_collected_files_are_hashed_and_compressed_and_every_kind_of_page_names_only_those(
    collected, tmp_path
):
    html = Client().get("/").text
    assets = re.findall(r'(?:href|src)="(/static/[^"#]+)', html)
    sheets = [asset for asset in assets if asset.endswith(".css")]
    assert len(sheets) == 2  # nothing is drawn before they have come
    for asset in assets:
        assert re.search(r"\.[0-9a-f]{12}\.", asset), f"{asset} is not hashed"
        path = tmp_path / asset.removeprefix("/")
        assert path.is_file()
        if path.suffix in {".css", ".js"}:
            assert path.with_name(path.name + ".br").is_file()
    things = [make() for make in (make_document, make_infographic, make_law, make_video)]
    shelf = things[0].section.get_absolute_url()
    addresses = [thing.get_absolute_url() for thing in things]
    for path in [*addresses, shelf, "/recursos/", "/recursos/?q=recurso", "/verificar/"]:
        assert Client().get(path).status_code == 200, path
    for path in ("/nada/", "/recursos/nada/"):
        assert Client().get(path).status_code == 404
