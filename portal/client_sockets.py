"""Non-blocking client sockets: slow clients occupy no thread, and each transfer has a deadline."""

import os
import select
import socket
import struct
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

LEAST_RATE = (
    4_000  # bytes a second that a client must keep up, either way; a poor mobile line does 20,000
)
PIECE = 1_000_000  # bytes that are sent to one client before the others have their turn
STALL = 3  # times the grace: how long nothing may move at all
MOST_UNSENT = (
    128 * 1024
)  # bytes that the kernel holds beyond what is on its way: it tells nothing of a slow reader
MOST_QUEUED = 1_000_000  # bytes in memory for one client; files are not in memory
MOST_QUEUED_IN_ALL = 64_000_000


@dataclass
class FilePart:
    """The unsent bytes of an open file."""

    descriptor: int
    offset: int
    left: int


class Total:
    """A byte count shared between threads."""

    def __init__(self) -> None:
        self.bytes, self._lock = 0, threading.Lock()

    def add(self, count: int) -> None:
        """Add `count`, which may be negative."""
        with self._lock:
            self.bytes += count


class ClientSocket(socket.socket):
    """A socket that queues unsent data; the worker's event loop sends the queue.

    A client has `grace` seconds for a transfer and one more for each `LEAST_RATE` bytes that it has moved, and may not
    stop for longer than STALL times `grace`.
    """

    queued_in_all = Total()

    def __init__(self, accepted: socket.socket, grace: float) -> None:
        super().__init__(fileno=accepted.detach())
        if self.family in (socket.AF_INET, socket.AF_INET6) and hasattr(
            socket, "TCP_NOTSENT_LOWAT"
        ):
            self.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MOST_UNSENT)
        self.grace = grace
        self.queue: deque[memoryview | FilePart] = deque()
        self.queued = 0
        self.restart_clock()

    def restart_clock(self) -> None:
        """Start the deadline of a transfer."""
        self._started = self._last = time.monotonic()
        self._moved = 0

    @property
    def deadline(self) -> float:
        """Return the moment (time.monotonic) after which the current transfer counts as too slow."""
        by_pace = self._started + self.grace + self._moved / LEAST_RATE
        return min(by_pace, self._last + STALL * self.grace)

    def receive(self) -> bytes | None:
        """Return received bytes, b"" at the end of the connection, or None when there are none yet."""
        try:
            data = super().recv(65_536)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""
        self._count(len(data))
        return data

    def recv(self, size: int, flags: int = 0) -> bytes:
        """Wait for bytes in a thread, until the deadline at most. Raises TimeoutError."""
        asked, left = self.gettimeout(), max(self.deadline - time.monotonic(), 0.001)
        self.settimeout(left if asked is None else min(asked, left))
        try:
            data = super().recv(size, flags)
        finally:
            self.settimeout(asked)
        self._count(len(data))
        return data

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]  # gunicorn sends bytes
        """Send or queue `data`; wait only where the queue is too long. Raises TimeoutError at the deadline."""
        self.enqueue(data)
        self.flush()
        while self.queued > MOST_QUEUED or (
            self.queued and self.queued_in_all.bytes > MOST_QUEUED_IN_ALL
        ):
            self._wait_until_writable()
            self.flush()

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Send or queue a part of a file, which the caller may close afterwards."""
        descriptor = os.dup(file.fileno())
        left = os.fstat(descriptor).st_size - offset if count is None else count
        self._append(FilePart(descriptor, offset, left))
        self.flush()
        return left

    def enqueue(self, data: bytes) -> None:
        """Queue `data` without sending."""
        if data:
            self._append(memoryview(bytes(data)))
            self.queued += len(data)
            self.queued_in_all.add(len(data))

    def flush(self, most: int | None = None) -> None:
        """Send as much of the queue as the client accepts now, about `most` bytes at most."""
        asked, sent = self.gettimeout(), 0
        self.settimeout(0)
        try:
            while self.queue and (most is None or sent < most):
                sent += self._send_first()
        except (BlockingIOError, InterruptedError):
            pass
        finally:
            self.settimeout(asked)
            self._count(sent)

    def reset(self) -> None:
        """Close the connection at once, discarding the kernel's buffer for a client that reads nothing."""
        self.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self) -> None:
        """Close the connection and the files that were queued."""
        for part in self.queue:
            if isinstance(part, FilePart):
                os.close(part.descriptor)
        self.queue.clear()
        self.queued_in_all.add(-self.queued)
        self.queued = 0
        super().close()

    def _count(self, moved: int) -> None:
        if moved:
            self._moved += moved
            self._last = time.monotonic()

    def _append(self, part: memoryview | FilePart) -> None:
        if not self.queue:
            self.restart_clock()  # the time that the page took is not the client's
        self.queue.append(part)

    def _send_first(self) -> int:
        part = self.queue[0]
        if isinstance(part, FilePart):
            return self._send_file(part)
        sent = self.send(part)
        self.queued -= sent
        self.queued_in_all.add(-sent)
        if sent < len(part):
            self.queue[0] = part[sent:]
        else:
            self.queue.popleft()
        return sent

    def _send_file(self, part: FilePart) -> int:
        sent = os.sendfile(self.fileno(), part.descriptor, part.offset, min(part.left, PIECE))
        if sent == 0 and part.left:
            raise ConnectionAbortedError("The file is shorter than its answer said.")
        part.offset += sent
        part.left -= sent
        if not part.left:
            os.close(part.descriptor)
            self.queue.popleft()
        return sent

    def _wait_until_writable(self) -> None:
        poll = select.poll()
        poll.register(self, select.POLLOUT)
        left = self.deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError("The client takes its answer too slowly.")
