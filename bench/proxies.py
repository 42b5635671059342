"""Measure slow clients through nginx and Caddy, each with the settings in deploy/.

    python -m bench.proxies

A proxy that is not installed is left out. Certificates are left out too: the proxy listens on plain http of this machine.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.warm import wait_for

ROOT = Path(__file__).resolve().parents[1]
PORT, PROXY = 8131, 8132
NGINX_SETTINGS = ROOT / "deploy" / "nginx" / "recursos-portal.conf"
CADDYFILE = ROOT / "deploy" / "caddy" / "Caddyfile"
NGINX = """daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn; worker_processes 2;
events {{ worker_connections 2048; }}
http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
uwsgi_temp_path {folder}; scgi_temp_path {folder};
server {{ listen 127.0.0.1:{proxy};
{settings}
}} }}
"""


def main() -> None:
    """Measure through each proxy that is installed."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    for name, program, write in (("nginx", "nginx", nginx), ("Caddy", "caddy", caddy)):
        found = shutil.which(program, path="/usr/sbin:/usr/bin:/usr/local/bin")
        if found is None:
            print(f"{name}: no está instalado")
            continue
        print(name, flush=True)
        with (
            tempfile.TemporaryDirectory(prefix="recursos-bench-") as folder,
            running([found, *write(Path(folder))]),
        ):
            command = [sys.executable, "-m", "bench.slow_clients"]
            ports = ["--port", str(PORT), "--through", str(PROXY)]
            subprocess.run([*command, *ports], cwd=ROOT, check=True)


def nginx(folder: Path) -> list[str]:
    """Write nginx's configuration; return the arguments."""
    settings = NGINX_SETTINGS.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{PORT}")
    folder.chmod(0o755)
    path = folder / "nginx.conf"
    path.write_text(NGINX.format(folder=folder, proxy=PROXY, settings=settings))
    return ["-c", str(path)]


def caddy(folder: Path) -> list[str]:
    """Write Caddy's configuration; return the arguments."""
    text = CADDYFILE.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{PORT}")
    text = re.sub(r"\{\$SITE_NAME:[^}]*\}", f"http://127.0.0.1:{PROXY}", text)
    path = folder / "Caddyfile"
    path.write_text(text)
    return ["run", "--adapter", "caddyfile", "--config", str(path)]


@contextmanager
def running(command: list[str]) -> Iterator[None]:
    """Run a proxy."""
    proxy = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(PROXY)
        yield
    finally:
        proxy.terminate()
        proxy.wait()
        time.sleep(1)


if __name__ == "__main__":
    main()
