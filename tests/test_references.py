"""Every name that is written as text leads somewhere: dotted paths, models, permissions, templates, static files, addresses."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver

from tests.test_architecture import PACKAGES, tracked_files

ROOT: Path = settings.BASE_DIR
ADMIN = re.compile(rf"/admin/(auth|{'|'.join(PACKAGES)})/([a-z]+)/")
FOLDERS = (*PACKAGES, "tests", "bench", "fixtures", "docs", "templates", "static")
DOTTED = re.compile(rf"(?:{'|'.join((*PACKAGES, 'tests', 'bench'))})(?:\.\w+)+")
IN_TEXT = re.compile(rf"(?<![\w./-])(?:{'|'.join(PACKAGES)})(?:\.\w+)+(?![\w/-])")
PERMISSION = re.compile(r"(\w+)\.(add|change|delete|view|publish)_(\w+)")
CHECK = re.compile(r"\w+\.[EWI]\d{3}")
"""The identifier of a system check."""
PATH = re.compile(
    rf"(?<![\w./-])(?:{'|'.join(FOLDERS)})/[\w./-]+\.(?:py|html|md|toml|css|js|json)\b"
)
TAG = re.compile(r"""\{%\s*(extends|include|static|url)\s+["']([^"'{}]+)["']""")
EXEMPT = {"test_upgrade.py", "test_references.py"}
"""Files that name what version 0.1 had, and what nobody has."""
NO_NAMES = {
    "participation.form",  # the salt of a signature
    "portal.E01",  # a part of the identifiers of checks
    "resources.publishing.nada.hacer",  # a task that is not there
}
TOOLS = ("Makefile", ".ci/run", "CONTRIBUTING.md", "pyproject.toml", ".gitlab-ci.yml")


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Return every Python file of the repository with its tree; migrations name what was."""
    for path in tracked_files():
        if path.suffix == ".py" and "migrations" not in path.parts and path.name not in EXEMPT:
            yield path, ast.parse(path.read_text("utf-8"))


def strings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node


@cache
def resolves(name: str) -> bool:
    """Return whether a dotted name is a module, an attribute of one, a model or a permission."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for attribute in parts[length:]:
            if not hasattr(found, attribute):
                break
            found = getattr(found, attribute)
        else:
            return True
        break
    return is_model(name) or is_permission(name)


def is_model(name: str) -> bool:
    label, _, model = name.partition(".")
    return label in apps.app_configs and model.lower() in apps.all_models[label]


def is_permission(name: str) -> bool:
    found = PERMISSION.fullmatch(name)
    return bool(found) and is_model(f"{found[1]}.{found[3]}")


def logger_names() -> set[str]:
    """Return the names under which the code logs; they name no module."""
    return {
        node.args[0].value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "getLogger"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def test_dotted_names_in_code_resolve():
    loggers = logger_names()
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for path, tree in sources()
        for node in strings(tree)
        if DOTTED.fullmatch(node.value)
        and not node.value.endswith((".py", ".html", ".txt", ".png"))
        and not node.value.endswith("_")  # the beginning of a name
        and node.value not in loggers | NO_NAMES
        and not CHECK.fullmatch(node.value)
        and not resolves(node.value)
    ]
    assert wrong == [], "\n".join(wrong)


def test_addresses_of_the_admin_name_models():
    wrong = [
        f"{path.relative_to(ROOT)}: {label}/{model}"
        for path in tracked_files()
        if path.suffix in {".py", ".html", ".js", ".md"} and path.name != "CHANGELOG.md"
        for label, model in ADMIN.findall(path.read_text("utf-8"))
        if not is_model(f"{label}.{model}")
    ]
    assert wrong == [], "\n".join(wrong)


def test_imports_of_scripts_outside_the_site_resolve():
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.module}.{alias.name}"
        for path, tree in sources()
        if path.relative_to(ROOT).parts[0] in ("bench", "fixtures")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and DOTTED.match(f"{node.module}.")
        for alias in node.names
        if not resolves(f"{node.module}.{alias.name}")
    ]
    assert wrong == [], "\n".join(wrong)


def test_dotted_names_in_documents_and_tools_resolve():
    loggers, wrong = logger_names(), []
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if name not in TOOLS and not re.fullmatch(r"(docs|\.github)/.*\.(md|yml)", name):
            continue
        for found in IN_TEXT.findall(path.read_text("utf-8")):
            is_file = (ROOT / found).is_file() or re.search(r"\.(py|png|toml|html|md)$", found)
            if not is_file and found not in loggers and not resolves(found):
                wrong.append(f"{name}: {found}")
    assert wrong == [], "\n".join(wrong)


def test_paths_of_files_exist():
    wrong = []
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if path.suffix not in {".py", ".html", ".toml", ".css", ".js", ".md", ""}:
            continue
        if name == "CHANGELOG.md":  # it names what was
            continue
        for found in PATH.findall(path.read_text("utf-8", errors="replace")):
            if not any((folder / found).is_file() for folder in (ROOT, ROOT / "templates")):
                wrong.append(f"{name}: {found}")
    assert wrong == [], "\n".join(wrong)


TEMPLATES = sorted(
    path.relative_to(ROOT / "templates").as_posix()
    for path in (ROOT / "templates").rglob("*")
    if path.is_file()
)


def test_every_template_compiles_with_its_libraries():
    for name in TEMPLATES:
        get_template(name)


def test_templates_name_templates_static_files_and_addresses_that_exist():
    names, wrong = address_names(), []
    for template in TEMPLATES:
        for tag, name in TAG.findall((ROOT / "templates" / template).read_text("utf-8")):
            if not name.endswith("_") and not is_there(tag, name, names):
                wrong.append(f"{template}: {tag} {name}")
    assert wrong == [], "\n".join(wrong)


def is_there(tag: str, name: str, addresses: set[str]) -> bool:
    if tag == "static":
        return bool(finders.find(name))
    return name in addresses if tag == "url" else has_template(name)


def has_template(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True


def address_names() -> set[str]:
    """Return the names of all addresses, those of the admin with their namespace."""

    def below(patterns: list, prefix: str) -> Iterator[str]:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                inner = f"{entry.namespace}:" if entry.namespace else ""
                yield from below(entry.url_patterns, prefix + inner)
            elif entry.name:
                yield prefix + entry.name

    admin.site.urls  # noqa: B018 - its addresses are made when they are first asked for
    return set(below(get_resolver().url_patterns, ""))


def test_code_names_templates_and_static_files_that_exist():
    wrong = []
    for path, tree in sources():
        if path.relative_to(ROOT).parts[0] not in PACKAGES:
            continue
        for node in strings(tree):
            if not re.fullmatch(r"\w[\w./-]*/[\w.-]+\.(html|txt|css|js)", node.value):
                continue
            is_static = node.value.endswith((".css", ".js"))
            found = finders.find(node.value) if is_static else has_template(node.value)
            if not found and not (ROOT / node.value).is_file():
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize(
    "name", ["resources.files.nothing", "resources.Nothing", "resources.change_nothing"]
)
def test_a_name_that_leads_nowhere_is_found(name):
    assert not resolves(name)
