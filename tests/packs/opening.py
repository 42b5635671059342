"""How the tests of packs open what they are given."""

import io
import re
import zipfile

SECTION = "/secciones/guias/paquete.zip"


def opened(answer) -> zipfile.ZipFile:
    assert answer.status_code == 200, answer.status_code
    content = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(content)
    return zipfile.ZipFile(io.BytesIO(content))


def files_in(pack: zipfile.ZipFile) -> list[str]:
    return [name for name in pack.namelist() if re.match(r"\d", name)]
