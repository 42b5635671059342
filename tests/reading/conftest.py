"""Readings are made in this process, at once, when a test asks for them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reading.making import make_reading
from resources.models import FileVersion, Resource
from tests.makers import make_file
from tests.reading.makers import draw_here, read_here

Publish = Callable[..., FileVersion]


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch) -> None:
    """Spare the tests a child process for each document; test_making.py has one with it."""
    monkeypatch.setattr("reading.making.read_document", read_here)
    monkeypatch.setattr("reading.making.draw_pages", draw_here)
    monkeypatch.setattr(
        "inspection.reading.PICTURE_WIDTH", 120
    )  # drawn at full size, pages take most of the time


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Store a file of a resource and have it read, as the worker does."""

    def store(
        resource: Resource, content: bytes, name: str = "guia.pdf", **more: Any
    ) -> FileVersion:
        version = make_file(resource, content, name, folder=tmp_path, **more)
        make_reading.call(version.pk)
        resource.refresh_from_db()
        version.refresh_from_db()
        return version

    return store
