"""Names that look like others are refused, in a ZIP and for the file itself."""

import struct
import zipfile

import pytest

from inspection import FileRefused
from tests.inspection.makers import facts_here, inspect, make_file, make_zip, refusal_here

TEXT = b"hola\n"


@pytest.mark.parametrize(
    "name",
    [
        "informe\u202efdp.txt",
        "carpeta\u2066/a.txt",
        "a\u200b.txt",
        "a\ufeff.txt",
        "a\u00ad.txt",
        "a\x7f.txt",
        "a.txt.",
        "a.txt ",
        "a\u2028.txt",
    ],
)
def test_a_disguised_name_in_a_zip_is_refused(tmp_path, name):
    refused = refusal_here(make_zip(tmp_path, {name: TEXT}))
    assert refused.code == "disguised" and "nombre" in refused.message


@pytest.mark.parametrize("name", ["informe\u202efdp.txt", "a.txt.", "a\u200d.txt"])
def test_a_disguised_name_of_an_upload_is_refused(tmp_path, name):
    with pytest.raises(FileRefused) as caught:
        inspect(make_file(tmp_path, "a", TEXT), name=name)
    assert caught.value.code == "disguised"


@pytest.mark.parametrize("name", ["informe.pdf.exe", "a.pdf   .js", "a.txt.lnk", "foto.jpg.scr"])
def test_a_second_extension_of_a_program_is_refused(tmp_path, name):
    assert refusal_here(make_zip(tmp_path, {name: TEXT})).code == "lying"


def test_a_name_in_utf8_without_its_flag_is_read_as_other_systems_do(tmp_path):
    whole = make_zip(tmp_path, {"a\u202eb.txt": TEXT}).read_bytes()
    bare = whole.replace(struct.pack("<HH", 20, 0x800), struct.pack("<HH", 20, 0))
    assert bare != whole
    assert refusal_here(make_file(tmp_path, "b.zip", bare)).code == "disguised"


@pytest.mark.parametrize(
    ("real", "code"),
    [("a\u202e.txt", "disguised"), ("a.exe", "disguised"), ("../a.txt", "bad_member")],
)
def test_the_name_in_an_extra_field_that_takes_the_first_one_s_place_is_examined(
    tmp_path, real, code
):
    entry = zipfile.ZipInfo("a.txt")
    field = b"\x01\0\0\0\0" + real.encode()
    entry.extra = struct.pack("<HH", 0x7075, len(field)) + field
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, TEXT)
    assert refusal_here(path).code == code


def test_usual_names_are_let_in(tmp_path):
    names = [
        "Año 2024/Anexo 1 .txt",
        "Compañía S.A./informe.final.v2.txt",
        ".oculto.txt",
        "niño\u0301.txt",
        "a\u202f1.txt",
    ]
    assert facts_here(make_zip(tmp_path, dict.fromkeys(names, TEXT)))["extension"] == "zip"
