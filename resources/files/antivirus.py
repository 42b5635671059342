"""An upload's bytes go past clamd before anything else sees them, where the site has one (CLAMD_SOCKET).

The protocol is clamd's own INSTREAM: the length of each chunk in four bytes, network order, then the chunk;
a chunk of length zero ends it (man clamd, "COMMANDS").
"""

import logging
import socket
import struct
from pathlib import Path

from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)

CHUNK = 256 * 1024  # bytes
PATIENCE = 60  # seconds for one answer


def refuse_infected(path: Path, address: str) -> None:
    """Raise ValidationError if clamd at `address` finds something in the file at `path`, or cannot say.

    `address` is the path of a Unix socket or host:port. A file that nobody could check is refused: a file is
    never public before it is clean.
    """
    try:
        answer = _ask(path, address)
    except OSError as error:
        logger.error("clamd at %s does not answer: %s", address, error)
        raise ValidationError(
            "El antivirus no responde y ningún archivo se publica sin revisar. Intente de nuevo en unos minutos; "
            "si sigue igual, avise a quien administra el servidor.",
            code="antivirus_down",
        ) from error
    if answer.endswith("FOUND"):
        name = answer.removeprefix("stream:").removesuffix("FOUND").strip()
        raise ValidationError(
            f"El antivirus encontró «{name}» en este archivo: no se guardó. Límpielo en su computadora, o pida el "
            "original a quien lo envió, y súbalo de nuevo.",
            code="infected",
        )
    if answer != "stream: OK":
        logger.error("clamd at %s answered: %s", address, answer)
        raise ValidationError(
            "El antivirus no pudo revisar este archivo, quizá por su tamaño. No se guardó: divídalo o redúzcalo y "
            "súbalo de nuevo.",
            code="unscanned",
        )


def _ask(path: Path, address: str) -> str:
    """Send the file and return clamd's answer in one line. Raises OSError."""
    with _connected(address) as line, path.open("rb") as stream:
        line.sendall(b"zINSTREAM\0")
        try:
            while chunk := stream.read(CHUNK):
                line.sendall(struct.pack("!I", len(chunk)) + chunk)
            line.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # clamd closes its side when the stream is over its limit; what it says of that is still there
        answer = b""
        while not answer.endswith(b"\0"):
            part = line.recv(4096)
            if not part:
                break
            answer += part
    if not answer:
        raise OSError("the connection closed without an answer")
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connected(address: str) -> socket.socket:
    host, colon, port = address.rpartition(":")
    if colon and port.isdigit():
        return socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(PATIENCE)
    try:
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line
