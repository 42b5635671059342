"""gunicorn's configuration, from the settings."""

import gc
import os

from portal.settings import WEB_BIND, WEB_CONCURRENCY, WEB_THREADS

bind = WEB_BIND
wsgi_app = "portal.wsgi:application"
worker_class = "portal.gunicorn_worker.BufferingWorker"
workers = WEB_CONCURRENCY
threads = WEB_THREADS
preload_app = True  # processes share the memory of what is loaded before they are forked
timeout = 60  # seconds; an upload's inspection takes 25 at most
graceful_timeout = 20  # seconds to finish what is under way when stopping
keepalive = 5
# A client's header must never become part of the address: gunicorn takes SCRIPT_NAME and PATH_INFO from trusted peers
# by default, and a proxy passes on what a client wrote.
forwarder_headers = ""
header_map = "drop"  # names with underscores, which are read as those with hyphens
secure_scheme_headers = {
    "X-FORWARDED-PROTO": "https"
}  # the only one that the documented proxies overwrite
limit_request_line = 4094  # bytes: a search that is longer is nobody's question
control_socket_disable = (
    True  # it would be a thread in the process that forks, and one socket for all sites
)
proc_name = "recursos"
loglevel = "warning"


def when_ready(server: object) -> None:
    """Load what the application loads late, before the first worker is forked."""
    from portal import preload

    preload.load_code()
    preload.freeze()


def post_fork(server: object, worker: object) -> None:
    """Detach the worker from the terminal (Ctrl-C reaches the arbiter, which stops it); under `serve`, watch the queue."""
    os.setsid()
    if task_worker := getattr(server, "task_worker", None):
        task_worker.watch_queue()


def post_worker_init(worker: object) -> None:
    """Collect garbage less often: pages make few cycles."""
    gc.set_threshold(10_000, 20, 20)


def worker_exit(server: object, worker: object) -> None:
    """Write the unwritten view counts when a worker ends."""
    from portal.middleware.view_counts import view_counter

    view_counter.write()
