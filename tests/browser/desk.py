"""What the browser tests of the desk share: signing in, and the pictures of the manual."""

import os
import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from tests.makers import make_editor

PICTURES = settings.BASE_DIR / "docs" / "img"


def sign_in(open_page: Any, group: str = "", username: str = "editora", **values: Any) -> Any:
    """Sign an editor in and return the page at the desk's home; what is no field of a person is the browser's."""
    about = {key: values.pop(key) for key in ("first_name", "email") if key in values}
    editor = make_editor(group, username=username, **about)
    page = open_page("/admin/", **values)
    page.get_by_label(re.compile("usuario", re.I)).fill(editor.username)
    page.get_by_label(re.compile("contraseña|clave", re.I)).fill("clave-de-prueba")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path == "/admin/")
    return page


def picture(page: Any, name: str) -> None:
    """Keep a picture for the manual where the run is asked to (`make pictures`)."""
    if os.environ.get("RECURSOS_PICTURES"):
        page.screenshot(path=PICTURES / f"{name}.png")
