"""The child lives within its limits and knows no secrets; its parent never fails because of it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inspection import FileRefused, Limits, inspect_file
from inspection.semaphore import acquire_slot
from tests.inspection.makers import inspect, make_file, make_pdf, make_picture, refusal

ROOT = Path(__file__).resolve().parents[2]


def run_child(*arguments, **options):
    command = [sys.executable, "-m", "inspection", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, **options)


def test_the_command_writes_a_line_per_page_and_ends_with_end(tmp_path):
    done = run_child(make_pdf(tmp_path, ["Uno", "Dos"]), "--name", "a.pdf")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert lines[0]["facts"]["media_type"] == "application/pdf"
    assert [line["page"] for line in lines if "page" in line] == ["Uno", "Dos"]
    assert lines[-1] == {"end": True}


def test_the_command_writes_its_refusal_as_a_line(tmp_path):
    done = run_child(make_file(tmp_path, "a.pdf", b"MZ\0\0"), "--name", "a.pdf")
    assert done.returncode == 1
    assert json.loads(done.stdout)["refused"]["code"] == "executable"


def test_a_missing_file_is_a_refusal_for_the_child_and_a_plain_error_for_the_caller(tmp_path):
    assert json.loads(run_child(tmp_path / "no").stdout)["refused"]["code"] == "unreadable"
    with pytest.raises(FileNotFoundError):
        inspect_file(tmp_path / "no")


def test_importing_the_package_loads_no_parser_and_no_django():
    heavy = "{'pypdfium2', 'pikepdf', 'PIL', 'django', 'zipfile'}"
    code = f"import inspection, sys; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_the_child_is_told_no_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "x")
    seen = {}
    real = subprocess.Popen

    def spy(command, **options):
        seen.update(options)
        return real(command, **options)

    monkeypatch.setattr(subprocess, "Popen", spy)
    inspect(make_file(tmp_path, "a.txt", b"hola"))
    assert set(seen["env"]) == {"PATH", "LANG", "PYTHONPATH", "TMPDIR"}
    assert seen["stdin"] == subprocess.DEVNULL and seen["start_new_session"]


def test_the_child_sets_its_own_limits_before_it_reads(tmp_path):
    code = (
        "import resource, sys, os; from inspection.child import limit_this_process;"
        "from inspection import Limits; limit_this_process(Limits(memory=10**9));"
        "print([resource.getrlimit(getattr(resource, 'RLIMIT_' + name))[0]"
        " for name in ('AS', 'CPU', 'CORE', 'FSIZE')], sys.stdin.read() == '')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, input="secreto", capture_output=True, text=True
    )
    assert done.stdout.strip() == "[1000000000, 20, 0, 100000000] True", done.stderr


def test_too_little_memory_is_a_refusal(tmp_path):
    path = make_picture(tmp_path, "a.png", (4_000, 4_000))
    refused = refusal(path, limits=Limits(memory=100_000_000))
    assert refused.code in ("memory", "crashed")


def test_the_limit_of_time_holds_and_leaves_no_half_picture(tmp_path):
    path = make_picture(tmp_path, "a.png", (5_000, 5_000))
    started = time.monotonic()
    refused = refusal(path, limits=Limits(wall_seconds=0.2), picture=tmp_path / "b.png")
    assert refused.code == "timeout"
    assert time.monotonic() - started < 2
    assert not (tmp_path / "b.png").exists()


def test_an_endless_report_is_cut(tmp_path):
    path = make_file(tmp_path, "a.txt", b"hola " * 40_000)
    assert refusal(path, limits=Limits(max_output=10_000)).code == "too_much_text"


def test_a_third_file_at_once_is_asked_to_wait_a_minute(tmp_path):
    path = make_file(tmp_path, "a.txt", b"hola")
    slots = tmp_path / "slots"
    with acquire_slot(2, slots, 0), acquire_slot(2, slots, 0):
        refused = refusal(path, limits=Limits(wait_seconds=0.1))
    assert refused.code == "busy" and "Intente de nuevo en un minuto" in refused.message
    assert inspect(path).extension == "txt"


def test_a_place_is_kept_by_the_child_that_inherited_it(tmp_path):
    with acquire_slot(1, tmp_path, 0) as held:
        child = subprocess.Popen(["sleep", "0.5"], pass_fds=(held,))
    with pytest.raises(FileRefused), acquire_slot(1, tmp_path, 0):
        pass
    child.wait()
    with acquire_slot(1, tmp_path, 0):
        pass


def test_a_report_that_makes_no_sense_is_a_refusal(tmp_path, monkeypatch):
    fake = tmp_path / "python"
    fake.write_text('#!/bin/sh\necho \'{"facts": {"x": 1}}\'\necho \'{"end": true}\'\n')
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    assert refusal(make_file(tmp_path, "a.txt", b"hola")).code == "unreadable"


def test_a_child_that_dies_at_once_is_a_refusal(tmp_path, monkeypatch):
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\nkill -SEGV $$\n")
    fake.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(fake))
    assert refusal(make_file(tmp_path, "a.txt", b"hola")).code == "crashed"


@pytest.mark.parametrize("name", ["-x.pdf", "--limits.pdf", "a\0b.pdf", "\ud800.pdf", "ñ" * 400])
def test_a_strange_name_does_no_harm(tmp_path, name):
    assert inspect(make_pdf(tmp_path, ["Uno"]), name=name).pages == 1


def test_a_path_that_looks_like_an_option_does_no_harm(tmp_path, monkeypatch):
    make_file(tmp_path, "--help", b"hola")
    monkeypatch.chdir(tmp_path)
    assert inspect_file(Path("--help"), slots_dir=tmp_path).extension == "txt"


def test_nothing_stays_open_or_running_after_an_inspection(tmp_path):
    path = make_file(tmp_path, "a.txt", b"hola")
    inspect(path)
    running = Path(f"/proc/self/task/{os.getpid()}/children")
    before = sorted(path.name for path in Path("/proc/self/fd").iterdir())
    children = running.read_text()  # a browser of other tests may be among them
    inspect(path)
    assert sorted(path.name for path in Path("/proc/self/fd").iterdir()) == before
    assert running.read_text() == children
