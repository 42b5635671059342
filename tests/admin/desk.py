"""What the desk's tests do again and again: sign in, fill a form in as it was served, send it."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from resources.kinds.document import Document
from resources.models import FileVersion
from tests.makers import make_document, make_editor, make_file, pdf_bytes


def sign_in(client: Client, group: str = "Publicación") -> Any:
    """Sign a new person of `group` in ("" is a superuser); return the person."""
    person = make_editor(group)
    client.force_login(person)
    return person


def form_url(resource: Any, page: str = "change") -> str:
    """Return the address of a page about `resource` at its kind's desk."""
    return reverse(f"admin:resources_{resource.kind}_{page}", args=[resource.pk])


def page_url(resource: Any, page: str, *more: Any) -> str:
    """Return the address of a page about `resource`: a step, or one of its versions."""
    return reverse(f"admin:resources_{resource.kind}_{page}", args=[resource.pk, *more])


def upload(content: bytes | None = None, name: str = "guia.pdf") -> SimpleUploadedFile:
    """Return an upload: a one-page PDF unless given."""
    return SimpleUploadedFile(name, pdf_bytes("Texto") if content is None else content)


class _Fields(HTMLParser):
    """Reads what a browser would send of the form that it was served."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._select = self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea, self.values[name] = name, ""
        elif (
            tag == "option"
            and self._select
            and ("selected" in found or self._select not in self.values)
        ):
            self.values[self._select] = found.get("value", "")
        elif tag == "input" and name:
            self._input(name, found)

    def _input(self, name: str, found: dict) -> None:
        kind = found.get("type", "text")
        if kind in ("submit", "file") or (kind in ("checkbox", "radio") and "checked" not in found):
            return
        self.values[name] = found.get("value") or ("on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            # Browsers leave out the newline that Django writes first.
            self.values[self._textarea] = (
                self.values[self._textarea].removeprefix("\r\n").removeprefix("\n")
            )
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data


def served(client: Client, url: str) -> dict[str, str]:
    """Return the fields of the page at `url` with the values that they were served with."""
    return fields_of(client.get(url))


def fields_of(response: Any) -> dict[str, str]:
    """Return the fields of a page with the values that they were served with."""
    fields = _Fields()
    fields.feed(response.content.decode())
    fields.values.pop("csrfmiddlewaretoken", None)
    return {name: value for name, value in fields.values.items() if "__prefix__" not in name}


def send(client: Client, url: str, **changes: Any) -> Any:
    """Send the form at `url` as it was served, with `changes`; None leaves a field out. Files are named `files__0__upload`."""
    data = served(client, url) | {name.replace("__", "-"): value for name, value in changes.items()}
    return client.post(url, {name: value for name, value in data.items() if value is not None})


def act(client: Client, url: str, action: str, chosen: list, **values: Any) -> Any:
    """Take a step with many at the list `url`: ask, see what will happen, do it. Return the last answer, followed."""
    data = {"action": action, "_selected_action": [thing.pk for thing in chosen]}
    return client.post(url, data | {"stage": "do"} | values, follow=True)


def errors(response: Any) -> dict[str, list[str]]:
    """Return the errors of the main form, by field."""
    return dict(response.context["adminform"].form.errors)


def file_errors(response: Any) -> list[dict[str, list[str]]]:
    """Return the errors of each file's form, by field."""
    return [
        dict(form.errors) for form in response.context["inline_admin_formsets"][0].formset.forms
    ]


def said(response: Any) -> str:
    """Return the messages of the page that the answer led to."""
    return " ".join(str(message) for message in response.context["messages"])


def replace_file(
    client: Client, folder: Path, note: str = "Corrige.", **changes: Any
) -> tuple[Document, FileVersion]:
    """Replace the file of a new document by its form; return the document and the version that it had."""
    first = make_file(make_document(), folder=folder)
    document = first.file.resource
    sent = upload(pdf_bytes("otro texto"))
    send(client, form_url(document), files__0__upload=sent, files__0__change_note=note, **changes)
    return document, first
