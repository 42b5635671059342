"""Compare two revisions field by field, labelled as in the form."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, cast

from django.db.models import Field, Model
from django.utils import timezone
from django.utils.formats import date_format

from resources.kinds.legislation.models import LegalRelation
from resources.models import ResourceFile
from resources.text import yes_or_no

EMPTY = "vacío"
LONG = 80  # characters: a longer text is compared word by word
CONTEXT = 12  # words kept around a change inside a long text


@dataclass(frozen=True)
class Difference:
    """One field before and after. `pieces` tell a long text's change word by word: (same | gone | new, text)."""

    label: str
    before: str = ""
    after: str = ""
    pieces: list[tuple[str, str]] = field(default_factory=list)
    name: str = ""


def differences(
    model: type[Model], before: dict[str, Any], after: dict[str, Any]
) -> list[Difference]:
    """Return the differences between two states of a row of `model`, in the order of its fields."""
    found = []
    known = {column.name for column in model._meta.concrete_fields}  # once, it had another kind
    for name in [
        *before["fields"],
        *(key for key in after["fields"] if key not in before["fields"]),
    ]:
        old, new = before["fields"].get(name), after["fields"].get(name)
        if old != new and name in known:
            column = cast(Field, model._meta.get_field(name))
            found.append(
                between(
                    str(column.verbose_name), in_words(column, old), in_words(column, new), name
                )
            )
    for name in [*before["links"], *(key for key in after["links"] if key not in before["links"])]:
        old, new = before["links"].get(name), after["links"].get(name)
        if (old and old[0]) != (new and new[0]):
            column = cast(Field, model._meta.get_field(name))
            label = str(column.verbose_name)
            found.append(between(label, old[1] if old else "", new[1] if new else "", name))
    return [
        *found,
        *_of_tags(before, after),
        *_of_files(before, after),
        *_of_relations(before, after),
    ]


def between(label: str, old: str, new: str, name: str = "") -> Difference:
    """Return the difference of two texts: whole where they are short, word by word where they are long."""
    label = label[:1].upper() + label[1:]
    if old and new and max(len(old), len(new)) > LONG:
        return Difference(label, old, new, list(_pieces(old, new)), name)
    return Difference(label, old or EMPTY, new or EMPTY, name=name)


def in_words(column: Any, value: Any) -> str:
    """Return a stored value formatted in Spanish; "" for none."""
    if isinstance(value, bool):
        return yes_or_no(value)
    if value in (None, ""):
        return ""
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    value = column.to_python(value)
    if isinstance(value, dt.datetime):
        return date_format(timezone.localtime(value), "j/n/Y H:i")
    if isinstance(value, dt.date):
        return date_format(value, "j/n/Y")
    if column.get_internal_type() in ("FileField", "ImageField"):
        return "imagen propia"
    return str(value)


def _pieces(old: str, new: str) -> Iterator[tuple[str, str]]:
    before, after = re.findall(r"\S+\s*", old), re.findall(r"\S+\s*", new)
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", _shortened(before[a:b], is_first=a == 0, is_last=b == len(before))
            continue
        if a < b:
            yield "gone", "".join(before[a:b])
        if c < d:
            yield "new", "".join(after[c:d])


def _shortened(words: list[str], *, is_first: bool, is_last: bool) -> str:
    """Return the words around a change, the distant ones left out."""
    head = [] if is_first else words[:CONTEXT]
    tail = [] if is_last else words[-CONTEXT:]
    if len(head) + len(tail) >= len(words):
        return "".join(words)
    return f"{''.join(head)}… {''.join(tail)}"


def _of_tags(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    old, new = dict(before.get("tags", ())), dict(after.get("tags", ()))
    if old.keys() != new.keys():
        yield between("etiquetas", ", ".join(old.values()), ", ".join(new.values()), "tags")


def _of_files(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    old = {row["id"]: row for row in before.get("files", ())}
    new = {row["id"]: row for row in after.get("files", ())}
    for pk in [*old, *(pk for pk in new if pk not in old)]:
        was, now = old.get(pk), new.get(pk)
        if was is None or now is None:
            row = was or now or {}
            told = f"{row['file_name']}, versión {row['number']}"
            yield Difference(
                "Archivo", told if was else EMPTY, told if now else "quitado", name="files"
            )
            continue
        if was["version"] != now["version"]:
            note = f": {now['change_note']}" if now["change_note"] else ""
            yield Difference(
                f"Archivo {now['file_name']}",
                f"versión {was['number']}",
                f"versión {now['number']}{note}",
                name="files",
            )
        elif was["withheld"] != now["withheld"]:
            told = f"versión {now['number']}"
            yield Difference(f"Archivo {now['file_name']}", told, f"{told}, retenida", name="files")
        yield from _of_slot(was, now)


def _of_slot(was: dict[str, Any], now: dict[str, Any]) -> Iterator[Difference]:
    for name in ("role", "label", "language", "accessible", "file_name"):
        if was[name] != now[name]:
            column = cast(Field, ResourceFile._meta.get_field(name))
            label = f"{now['file_name']}, {column.verbose_name}"
            yield between(label, in_words(column, was[name]), in_words(column, now[name]), "files")


def _of_relations(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    old = _told(before.get("relations", ()))
    new = _told(after.get("relations", ()))
    for key in [*old, *(key for key in new if key not in old)]:
        if (key in old) != (key in new):
            yield Difference(
                "Relación", old.get(key, EMPTY), new.get(key, "quitada"), name="relations"
            )


def _told(relations: Iterable[dict[str, Any]]) -> dict[tuple, str]:
    return {relation_key(row): relation_in_words(row) for row in relations}


def relation_key(row: dict[str, Any]) -> tuple:
    """Return the identity of a recorded relation."""
    return tuple(row[name] for name in ("way", "verb", "end", "citation", "url", "on"))


def relation_in_words(row: dict[str, Any]) -> str:
    """Return a recorded relation in Spanish: "reforma a «Ley X», 2/3/2020"."""
    verb = LegalRelation.Verb(row["verb"])
    words = verb.label if row["way"] == "outgoing" else LegalRelation.INVERSE[verb]
    day = f", {date_format(dt.date.fromisoformat(row['on']), 'j/n/Y')}" if row["on"] else ""
    address = f" ({row['url']})" if row["url"] else ""
    return f"{words} «{row['name'] or row['citation']}»{address}{day}"
