"""Rules about the code itself: imports run downwards only, everything says what it is for."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from resources import code_version

ROOT: Path = settings.BASE_DIR
PACKAGES = (
    "inspection",
    "search",
    "resources",
    "participation",
    "maintenance",
    "tables",
    "reading",
    "backups",
    "portal",
)
# From the ground up. A module imports from its own layer or one below.
LAYERS = [
    ["inspection", "search"],
    [
        "resources.text",
        "resources.csv_guard",
        "resources.identifiers",
        "resources.storage",
        "resources.code_version",
        "resources.qr_code",
        "resources.motifs",
        "resources.addresses",
        "resources.throttling",
        "resources.lost_tasks",
    ],
    ["resources.models"],
    ["resources.kinds", "resources.dates", "resources.locking"],
    ["resources.files"],
    ["resources.workflow"],
    ["resources.opendata", "resources.listing", "resources.quality"],
    [
        "resources.seed",
        "resources.groups",
        "resources.checks",
        "resources.search_source",
        "resources.receivers",
    ],
    [
        "resources.current_site",
        "resources.page_cache",
        "resources.http_caching",
        "resources.templatetags",
    ],
    ["resources.views", "resources.admin", "resources.management"],
    ["resources.urls", "resources.apps"],
    ["participation", "maintenance", "tables", "reading"],
    ["backups"],
    ["portal"],
]
PYTHON = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def layer_of(module: str) -> int | None:
    found = [
        (len(prefix), number)
        for number, prefixes in enumerate(LAYERS)
        for prefix in prefixes
        if module == prefix or module.startswith(prefix + ".")
    ]
    return max(found)[1] if found else None


def imports_of(path: Path) -> set[str]:
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] + "." if node.level else ""
            names.add((base + (node.module or "")).rstrip("."))
    return {name for name in names if name.split(".")[0] in (*PACKAGES, "tests")}


def test_every_package_stands_in_a_layer():
    without = {module_of(path) for path in PYTHON if layer_of(module_of(path)) is None}
    assert without <= set(PACKAGES), "a new package: name its layer in LAYERS"


def test_imports_run_downwards_only():
    upwards = []
    for path in PYTHON:
        here = layer_of(module_of(path))
        for name in imports_of(path) if here is not None else ():
            there = layer_of(name)
            if name not in PACKAGES and (there is None or there > here):
                upwards.append(f"{path.relative_to(ROOT)}: {name}")
    assert upwards == [], "\n".join(upwards)


def test_only_the_inspection_imports_document_parsers():
    parsers = {"openpyxl", "pikepdf", "pypdfium2", "defusedxml", "lxml"}
    for path in PYTHON:
        if "inspection" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not parsers & {name.split(".")[0] for name in names}, path


def test_the_pure_rooms_know_no_django():
    for path in (ROOT / "inspection").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [getattr(node, "module", "") or ""]
            )
            assert not any(
                name.startswith("django")
                for name in names
                if isinstance(node, ast.Import | ast.ImportFrom)
            ), path


def test_the_code_version_watches_every_package():
    assert set(PACKAGES) | {"templates", "static"} == set(code_version.WATCHED)


def test_every_module_has_a_docstring():
    without = [
        str(path.relative_to(ROOT))
        for path in PYTHON
        if (source := path.read_text("utf-8")).strip() and not ast.get_docstring(ast.parse(source))
    ]
    assert without == []


@pytest.mark.django_db
def test_there_is_no_pending_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_nothing_in_the_repository_reads_outside_it():
    words = re.compile(
        "|".join(("/wo" + "rk/", "shared/" + "page", "shared/" + "look", "/opt/" + "pypi"))
    )
    for path in tracked_files():
        if path.suffix in {".py", ".html", ".md", ".toml", ".css", ".js", ".txt", ".yaml", ""}:
            assert not words.search(path.read_text("utf-8", errors="replace")), path


def test_every_dependency_is_pinned_and_says_why():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-production.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.fullmatch(r"[\w\[\]-]+==[\w.]+\s+# .{10,}", line), f"{name}: {line}"


def test_tests_that_empty_the_database_stand_in_files_of_their_own():
    # A worker runs a file as a whole: what a flush takes away is missed by the files after it.
    for path in (ROOT / "tests").rglob("test_*.py"):
        for line in path.read_text("utf-8").splitlines():
            if "django_db(" + "transaction=True)" in line:
                assert line.startswith("pytestmark"), path
