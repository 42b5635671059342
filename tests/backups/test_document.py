"""The steps of docs/despliegue.md, run as they are written, in processes of their own."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from tests.backups.sites import on_sqlite, site_in
from tests.commands.running import run


def steps() -> list[str]:
    """Return the commands of the section on backups, those of systemd and cron left out."""
    text = (settings.BASE_DIR / "docs/despliegue.md").read_text("utf-8")
    section = text.partition("\n## Respaldo\n")[2].partition("\n## ")[0]
    return re.findall(r"^    ((?:VAR_DIR=\S+ )?\.venv/bin/python manage\.py .+)$", section, re.M)


def follow(step: str, portal: Path) -> str:
    """Run a step in the folder `portal`, as in the folder of the project; return all that it wrote."""
    python = f"{shlex.quote(sys.executable)} {shlex.quote(str(settings.BASE_DIR / 'manage.py'))}"
    ended = subprocess.run(
        step.replace(".venv/bin/python manage.py", python),
        shell=True,
        cwd=portal,
        env={key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        | {"VAR_DIR": str(portal / "var")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.returncode == 0, f"{step}\n{ended.stdout}{ended.stderr}"
    return ended.stdout + ended.stderr


def test_each_step_of_the_document_works(origin, tmp_path):
    portal = tmp_path / "portal"
    with site_in(portal / "var", on_sqlite(portal / "var")):
        code, out = run("restore", str(origin.repository))
        assert code == 0, out
        told = {step: follow(step, portal) for step in steps()}
    assert len(told) == 7, list(told)
    words = "\n".join(told.values())
    assert "todo igual" in words
    assert words.count("Restaurado respaldo-") == 2
    assert words.count("Todo está en su lugar") == 3
