"""Archives made to hurt, and archives with a member that would be refused alone."""

import stat
import struct
import zipfile

import pikepdf
import pytest

from inspection import Limits
from tests.inspection.makers import (
    inspect,
    make_file,
    make_pdf,
    make_zip,
    new_pdf,
    office_members,
    pdf_bytes,
    refusal,
    refusal_here,
)

TEXT = b"hola, mundo\n"


def test_a_zip_inside_a_zip_is_refused(tmp_path):
    inner = make_zip(tmp_path, {"a.txt": TEXT}, "inner.zip").read_bytes()
    refused = refusal_here(make_zip(tmp_path, {"dentro/b.zip": inner}))
    assert refused.code == "nested" and "«dentro/b.zip»" in refused.message


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"MZ\x90\0\0\0", "executable"),
        ("a.svg", b"<svg/>", "svg"),
        ("a.js", b"alert(1)", "lying"),
        ("a.pdf", b"hola", "lying"),
        ("a.txt", b"", "empty"),
        ("a.tar.gz", b"\x1f\x8b\x08\0", "archive"),
    ],
)
def test_a_member_that_would_be_refused_alone_refuses_the_zip_by_name(
    tmp_path, name, content, code
):
    refused = refusal_here(make_zip(tmp_path, {"bien.txt": TEXT, name: content}))
    assert refused.code == code
    assert f"«{name}»" in refused.message


def test_an_encrypted_pdf_inside_a_zip_is_refused(tmp_path):
    locked = pdf_bytes(new_pdf(["Uno"]), encryption=pikepdf.Encryption(user="x", owner="y"))
    assert refusal_here(make_zip(tmp_path, {"a.pdf": locked})).code == "encrypted"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "/etc/a.txt", "C:/a.txt", "a/../../b.txt", "a\\..\\b.txt"]
)
def test_a_member_that_leaves_its_folder_is_refused(tmp_path, name):
    assert refusal_here(make_zip(tmp_path, {name: TEXT})).code == "bad_member"


def test_a_symbolic_link_in_a_zip_is_refused(tmp_path):
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("a.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert refusal_here(path).code == "bad_member"


def test_the_same_name_twice_is_refused(tmp_path):
    path = make_zip(tmp_path, {"a.txt": TEXT, "A.TXT": TEXT})
    assert refusal_here(path).code == "bad_member"


def test_a_zip_bomb_is_refused_by_what_it_claims(tmp_path):
    path = make_zip(tmp_path, {f"{n}.txt": b" " * 20_000_000 for n in range(3)})
    assert refusal_here(path).code == "bomb"


def test_a_bomb_dressed_as_a_document_is_refused(tmp_path):
    members = office_members("docx") | {"word/media/a.xml": b" " * 60_000_000}
    assert refusal_here(make_zip(tmp_path, members, "a.docx"), name="a.docx").code == "bomb"


def test_a_zip_whose_members_overlap_is_refused(tmp_path):
    """Fifield's construction: many entries of the directory share one member's data."""
    whole = make_zip(tmp_path, {"a.txt": TEXT}, method=0).read_bytes()
    start = whole.index(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    entry = whole[start:end]
    again = entry.replace(b"a.txt", b"b.txt")
    size = len(entry) + len(again)
    record = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, size, start, 0)
    path = make_file(tmp_path, "o.zip", whole[:start] + entry + again + record)
    assert refusal_here(path).code == "bomb"


def test_a_member_that_lies_about_its_size_is_refused(tmp_path):
    whole = bytearray(make_zip(tmp_path, {"a.txt": TEXT * 100}).read_bytes())
    at = whole.index(b"PK\x01\x02") + 24
    whole[at : at + 4] = struct.pack("<L", 50)
    assert refusal_here(make_file(tmp_path, "l.zip", bytes(whole))).code == "damaged"


def test_too_many_members_are_refused(tmp_path):
    path = make_zip(tmp_path, {f"{n}.txt": TEXT for n in range(21)})
    refused = refusal_here(path, limits=Limits(max_members=20))
    assert refused.code == "too_many_members" and "21" in refused.message


def test_an_encrypted_zip_is_refused(tmp_path):
    whole = bytearray(make_zip(tmp_path, {"a.txt": TEXT}).read_bytes())
    whole[6] |= 1
    whole[whole.index(b"PK\x01\x02") + 8] |= 1
    assert refusal_here(make_file(tmp_path, "e.zip", bytes(whole))).code == "encrypted"


def test_an_uncommon_compression_is_refused(tmp_path):
    path = make_zip(tmp_path, {"a.txt": TEXT}, method=zipfile.ZIP_LZMA)
    assert refusal_here(path).code == "compression"


def test_a_zip_cut_short_or_with_data_in_front_is_refused(tmp_path):
    whole = make_zip(tmp_path, {"a.txt": TEXT}).read_bytes()
    assert refusal_here(make_file(tmp_path, "c.zip", whole[:-30])).code == "damaged"
    first = make_zip(tmp_path, {"secreto.txt": TEXT}, "f.zip").read_bytes()
    assert refusal_here(make_file(tmp_path, "d.zip", first + whole)).code == "damaged"


def test_a_zip_with_only_folders_is_refused_as_empty(tmp_path):
    assert refusal_here(make_zip(tmp_path, {"vacia/": b""})).code == "empty"


def test_nothing_unpacked_stays_behind(tmp_path, monkeypatch):
    room = tmp_path / "tmp"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    refusal(make_zip(tmp_path, {"a.pdf": make_pdf(tmp_path, ["x"]).read_bytes(), "b.exe": b"MZ\0"}))
    assert list(room.iterdir()) == []


def test_what_a_mac_adds_to_a_zip_by_itself_is_no_obstacle(tmp_path):
    members = {
        "a.txt": TEXT,
        "__MACOSX/._a.txt": b"\0\5\x16\7" + b"\0" * 80,
        "carpeta/.DS_Store": b"\0\0\0\1Bud1" + b"\0" * 80,
    }
    assert inspect(make_zip(tmp_path, members)).media_type == "application/zip"


@pytest.mark.parametrize("name", ["__MACOSX/._a.txt", "__MACOSX/a.exe", ".DS_Store"])
def test_a_program_under_the_name_of_a_mac_s_own_file_is_refused(tmp_path, name):
    program = make_zip(tmp_path, {"a.txt": TEXT, name: b"MZ" + b"\0" * 200})
    assert refusal_here(program).code == "executable"


def test_a_zip_with_nothing_but_a_mac_s_own_files_is_empty(tmp_path):
    assert refusal_here(make_zip(tmp_path, {"__MACOSX/._a": b"\0\5\x16\7"})).code == "empty"
