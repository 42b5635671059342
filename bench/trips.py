"""List the files of this project that one cold request enters, in the order of first entry.

    python -m bench.trips /recursos/ley-organica/        (the seeded site, page cache empty)
    python -m bench.trips --upload guia.pdf               (one PDF dropped at the desk)

The catalogue is seeded into a folder of its own, which is removed afterwards. A first request of another page warms
up imports and templates, so that only the calls of the request itself are listed.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("inspection", "search", "resources", "participation", "maintenance", "portal")


def main() -> None:
    """Seed, warm up, make the request under a profile function and print its files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path", nargs="?", default="/")
    parser.add_argument("--upload", metavar="PDF", help="drop this file at the desk instead")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="trips-"))
    os.environ |= {"VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings"}
    try:
        run(options.path, options.upload)
    finally:
        shutil.rmtree(folder)


def run(path: str, upload: str | None) -> None:
    """Print the files that GET `path`, or dropping `upload`, enters."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment

    from search.utils import results

    setup_test_environment()
    call_command("migrate", verbosity=0)
    call_command("seed", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    client = Client(headers={"user-agent": "Mozilla/5.0"})
    request = dropping(client, upload) if upload else lambda: client.get(path)
    client.get("/admin/" if upload else "/recursos/?q=guia")
    results.clear()
    files, response = traced(request)
    print(f"{response.status_code} {upload or path}: {len(files)} files")
    for number, name in enumerate(files, 1):
        print(f"{number:3} {name}")


def dropping(client: Any, upload: str) -> Callable[[], Any]:
    """Return a call that drops the file `upload` at the desk as a superuser."""
    from django.contrib.auth import get_user_model
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.urls import reverse

    client.force_login(get_user_model().objects.create_superuser("medida"))
    file = SimpleUploadedFile(Path(upload).name, Path(upload).read_bytes(), "application/pdf")
    url = reverse("admin:resources_resource_intake")
    return lambda: client.post(url, {"archivos": file})


def traced(call: Callable[[], Any]) -> tuple[list[str], Any]:
    """Return the project's files that `call` enters, in the order of first entry, and its result."""
    entered: dict[str, None] = {}

    def note(frame: FrameType, event: str, argument: object) -> None:
        name = frame.f_code.co_filename
        if event == "call" and name.startswith(str(ROOT)):
            relative = name[len(str(ROOT)) + 1 :]
            if relative.split("/")[0] in PACKAGES and not frame.f_code.co_name.startswith(
                "<module"
            ):
                entered.setdefault(relative)

    sys.setprofile(note)
    try:
        result = call()
    finally:
        sys.setprofile(None)
    return list(entered), result


if __name__ == "__main__":
    main()
