"""What the browser tests of the desk share: signing in."""

import re
from typing import Any
from urllib.parse import urlsplit

from tests.makers import make_editor


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
