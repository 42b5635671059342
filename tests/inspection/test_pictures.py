"""Pictures come out upright and clean, and never larger than they may be."""

import io

import pytest
from PIL import Image, PngImagePlugin

from inspection import FileRefused, Limits
from inspection.pictures import clean_picture
from tests.inspection.makers import (
    inspect,
    located_exif,
    make_file,
    make_picture,
    png_header,
    refusal,
    refusal_here,
    srgb_profile,
)

SECRETS = (b"Camara secreta", b"Exif", b"GPS", b"http://ns.adobe.com/xap", b"comentario")
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>http://ns.adobe.com/xap GPS</x:xmpmeta>"


def make_secretive(folder, kind):
    """A sideways picture that says where, with what and about what it was taken."""
    options = {"exif": located_exif(6), "icc_profile": srgb_profile()}
    if kind == "png":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", "comentario")
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP.decode())
    else:
        options |= {"xmp": XMP, "quality": 95}
        if kind == "jpg":
            options["comment"] = b"comentario"
        else:
            options["lossless"] = True
    return make_picture(folder, f"a.{kind}", **options)


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_location_camera_and_comments_are_removed_and_the_picture_stands_upright(tmp_path, kind):
    path, out = make_secretive(tmp_path, kind), tmp_path / f"clean.{kind}"
    assert any(secret in path.read_bytes() for secret in SECRETS)
    facts = inspect(path, picture=out)
    assert (facts.width, facts.height) == (20, 40)
    assert (facts.picture.width, facts.picture.height) == (20, 40)
    assert facts.picture.sha256 != facts.sha256
    cleaned = out.read_bytes()
    assert not any(secret in cleaned for secret in SECRETS)
    with Image.open(io.BytesIO(cleaned)) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.info["icc_profile"] == srgb_profile()
        top, bottom = picture.convert("RGB").getpixel((10, 3)), picture.getpixel((10, 36))
    assert top[0] > 200 > 60 > top[2] and bottom[2] > 200


@pytest.mark.parametrize("orientation", [1, 2, 3, 4, 5, 6, 7, 8])
def test_every_orientation_is_undone(tmp_path, orientation):
    path = make_picture(tmp_path, "a.png", exif=located_exif(orientation))
    clean_picture(path, tmp_path / "b.png")
    with Image.open(tmp_path / "b.png") as clean:
        sides = (20, 40) if orientation >= 5 else (40, 20)
        red = {1: (3, 3), 2: (36, 3), 3: (36, 3), 4: (3, 3), 5: (3, 3), 6: (3, 3), 7: (3, 36)}
        assert clean.size == sides
        assert clean.getpixel(red.get(orientation, (3, 36))) == (255, 0, 0)


def test_the_size_is_told_upright_without_writing_anything(tmp_path):
    facts = inspect(make_picture(tmp_path, "a.jpg", exif=located_exif(8)))
    assert (facts.width, facts.height, facts.picture) == (20, 40, None)


def test_what_stands_behind_a_picture_is_dropped_from_the_clean_copy(tmp_path):
    path = make_picture(tmp_path, "a.jpg")
    path.write_bytes(path.read_bytes() + b"escondido" * 50)
    clean_picture(path, tmp_path / "b.jpg")
    assert b"escondido" not in (tmp_path / "b.jpg").read_bytes()


def test_print_colours_become_screen_colours(tmp_path):
    path = tmp_path / "a.jpg"
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(path)
    clean_picture(path, tmp_path / "b.jpg")
    with Image.open(tmp_path / "b.jpg") as clean:
        assert clean.mode == "RGB" and clean.getpixel((4, 4))[0] > 200


@pytest.mark.parametrize("profile", [b"no es un perfil", b"", srgb_profile()[:200]])
def test_a_broken_colour_profile_is_dropped_not_fatal(tmp_path, profile):
    path = make_picture(tmp_path, "a.jpg", icc_profile=profile)
    clean_picture(path, tmp_path / "b.jpg")
    with Image.open(tmp_path / "b.jpg") as clean:
        assert "icc_profile" not in clean.info


def test_a_profile_of_another_kind_of_colour_is_dropped(tmp_path):
    path = tmp_path / "a.png"
    Image.new("L", (8, 8)).save(path, icc_profile=srgb_profile())
    clean_picture(path, tmp_path / "b.png")
    with Image.open(tmp_path / "b.png") as clean:
        assert "icc_profile" not in clean.info


def test_transparency_is_kept(tmp_path):
    path = tmp_path / "a.png"
    Image.new("P", (8, 8)).save(path, transparency=0)
    clean_picture(path, tmp_path / "b.png")
    with Image.open(tmp_path / "b.png") as clean:
        assert clean.convert("RGBA").getpixel((0, 0))[3] == 0


def test_broken_exif_data_is_no_reason_to_refuse(tmp_path):
    path = make_picture(tmp_path, "a.jpg", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 30)
    assert inspect(path).width == 40


def test_a_pixel_bomb_is_refused_before_it_is_unpacked(tmp_path):
    refused = refusal(make_file(tmp_path, "a.png", png_header(50_000, 50_000)))
    assert refused.code == "too_many_pixels" and "2500 millones" in refused.message


def test_the_limit_of_pixels_can_be_set(tmp_path):
    refused = refusal_here(make_picture(tmp_path, "a.png"), limits=Limits(max_pixels=799))
    assert refused.code == "too_many_pixels"


@pytest.mark.parametrize("kind", ["jpg", "png", "webp"])
def test_a_picture_cut_short_is_refused(tmp_path, kind):
    noise = Image.effect_noise((200, 200), 80)
    noise.convert("RGB").save(tmp_path / f"a.{kind}")
    whole = (tmp_path / f"a.{kind}").read_bytes()
    path = make_file(tmp_path, f"b.{kind}", whole[: len(whole) // 2])
    assert refusal(path, picture=tmp_path / "out").code == "damaged"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["png", "webp"])
def test_an_animation_is_refused_with_another_way(tmp_path, kind):
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / f"a.{kind}", save_all=True, append_images=frames[1:])
    refused = refusal_here(tmp_path / f"a.{kind}")
    assert refused.code == "animated" and "MP4" in refused.message


def test_clean_picture_refuses_what_is_no_picture(tmp_path):
    with pytest.raises(FileRefused):
        clean_picture(make_file(tmp_path, "a.png", b"hola"), tmp_path / "b.png")
