"""gunicorn's configuration, from the settings."""

import gc

from portal.settings import WEB_BIND, WEB_CONCURRENCY, WEB_THREADS

bind = WEB_BIND
wsgi_app = "portal.wsgi:application"
worker_class = "portal.gunicorn_worker.BufferingWorker"
workers = WEB_CONCURRENCY
threads = WEB_THREADS
preload_app = False
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
max_requests = 5000  # a worker is replaced now and then, so that memory never creeps
max_requests_jitter = 500
proc_name = "recursos"
loglevel = "warning"


def post_worker_init(worker: object) -> None:
    """Freeze loaded objects out of garbage collection, and collect less often: pages make few cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def worker_exit(server: object, worker: object) -> None:
    """Write the unwritten view counts when a worker ends."""
    from portal.middleware.view_counts import view_counter

    view_counter.write()
