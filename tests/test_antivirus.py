"""With CLAMD_SOCKET set, every upload passes clamd first, by its own protocol; nothing unchecked is stored."""

import getpass
import os
import shutil
import socket
import struct
import subprocess
import threading
from contextlib import nullcontext

import pytest
from django.core.exceptions import ValidationError

from resources.models import FileVersion, ResourceFile
from tests.conftest import AT_THE_GATE
from tests.makers import make_document, make_file, pdf_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def clamd(tmp_path_factory, settings):
    """A clamd of one answer: it takes an INSTREAM as the real one does and keeps what it was sent."""
    path = str(tmp_path_factory.mktemp("c") / "s")
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()
    seen = {"bytes": b"", "answer": b"stream: OK\0"}

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line, line.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                seen["bytes"] = b""
                while length := struct.unpack("!I", stream.read(4))[0]:
                    seen["bytes"] += stream.read(length)
                line.sendall(seen["answer"])

    threading.Thread(target=serve, daemon=True).start()
    settings.CLAMD_SOCKET = path
    yield seen
    server.close()


def test_a_clean_file_is_stored_after_all_its_bytes_were_looked_at(clamd, tmp_path):
    content = pdf_bytes("Limpio " * 50_000)
    assert make_file(make_document(), content, folder=tmp_path).number == 1
    assert clamd["bytes"] == content


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", "Eicar-Test-Signature"),
        (b"INSTREAM size limit exceeded. ERROR\0", "no pudo revisar"),
        (b"", "no responde"),
    ],
)
def test_a_file_that_clamd_does_not_call_clean_is_refused(clamd, tmp_path, answer, message):
    clamd["answer"] = answer
    with pytest.raises(ValidationError, match=message):
        make_file(make_document(), folder=tmp_path)
    assert not FileVersion.objects.exists()
    assert not ResourceFile.objects.exists()


@pytest.mark.parametrize("address", ["/nowhere/clamd.sock", "127.0.0.1:1"])
def test_without_an_answer_nothing_is_taken_for_clean(settings, tmp_path, address):
    settings.CLAMD_SOCKET = address
    with pytest.raises(ValidationError, match="antivirus no responde"):
        make_file(make_document(), folder=tmp_path)


SIGNATURE = b"what-only-our-signature-calls-bad"


@pytest.fixture(scope="module")
def real_clamd(tmp_path_factory):
    """A real clamd with one signature of our own; it takes streams up to 1 MB."""
    program = shutil.which("clamd", path=os.environ["PATH"] + ":/usr/sbin")
    if program is None:
        assert not AT_THE_GATE, "the gate needs clamd (apt install clamav-daemon)"
        pytest.skip("no clamd on this machine (apt install clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "db").mkdir()
    (folder / "db" / "own.ndb").write_text(f"Recursos.Prueba:0:*:{SIGNATURE.hex()}\n")
    address = folder / "s"
    (folder / "conf").write_text(
        f"LocalSocket {address}\nDatabaseDirectory {folder / 'db'}\nForeground yes\n"
        f"StreamMaxLength 1M\nTemporaryDirectory {folder}\nUser {getpass.getuser()}\n"
    )
    process = subprocess.Popen(
        [program, "--config-file", folder / "conf"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for line in process.stdout:  # ends where clamd ends
        if "Self checking" in line:
            break
    assert address.exists(), "clamd did not start"
    yield str(address)
    process.terminate()
    process.communicate(timeout=20)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pdf_bytes("Limpio"), None),
        (pdf_bytes("Uno") + b"\n%" + SIGNATURE, "Recursos.Prueba"),
        (pdf_bytes("Grande") + b"\n%" + b"x" * 3_000_000, "no pudo revisar"),
    ],
    ids=["clean", "infected", "over its limit"],
)
def test_a_real_clamd_is_understood(real_clamd, settings, tmp_path, content, message):
    settings.CLAMD_SOCKET = real_clamd
    refusal = pytest.raises(ValidationError, match=message) if message else nullcontext()
    with refusal:
        make_file(make_document(), content, folder=tmp_path)
    assert FileVersion.objects.exists() is (message is None)
