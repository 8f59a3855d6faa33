"""Pictures in a worker: where they come from, what is kept, how small they may be."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from askfirst.errors import AskFirstError
from askfirst.providers.local.pictures import MOST_ELONGATED, PictureCache, fitted
from askfirst.scenarios.picture import Crop, Picture
from askfirst.suites.pixels import open_picture
from askfirst.suites.reference import refer, to_uri
from askfirst.suites.suite import load_suite


def data_uri(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def test_references_data_uris_and_paths_give_the_same_pixels(tiny_suite: Path) -> None:
    suite = load_suite(str(tiny_suite))
    picture = Picture("rod/7.webp", Crop(2, 3, 20, 21))
    image = open_picture(suite, picture)
    path = tiny_suite / "rod" / "7.webp"
    cache = PictureCache()
    assert cache.open(to_uri(refer(suite, picture))).tobytes() == image.tobytes()
    assert cache.open(data_uri(image)).tobytes() == image.tobytes()
    assert cache.open(str(path)).tobytes() == open_picture(suite, Picture("rod/7.webp")).tobytes()


def test_a_picture_is_decoded_once_and_a_changed_file_is_refused(own_suite: Path) -> None:
    suite, cache = load_suite(str(own_suite)), PictureCache()
    shown, unseen = (to_uri(refer(suite, Picture(f"rod/{n}.webp"))) for n in (7, 8))
    before = cache.open(shown)
    for number in (7, 8):
        Image.new("RGB", (64, 64), "blue").save(own_suite / "rod" / f"{number}.webp")
    assert cache.open(shown) is before
    with pytest.raises(AskFirstError, match=r"rod/8\.webp"):
        cache.open(unseen)


def test_a_file_named_by_its_path_is_read_every_time(tmp_path: Path) -> None:
    file, cache = tmp_path / "picture.png", PictureCache()
    for colour in ("red", "blue"):
        Image.new("RGB", (8, 8), colour).save(file)
        assert cache.open(str(file)).getpixel((0, 0)) == Image.new("RGB", (1, 1), colour).getpixel(
            (0, 0)
        )


def test_only_so_many_bytes_are_kept() -> None:
    cache = PictureCache(limit=3 * 8 * 8 * 2)
    uris = [data_uri(Image.new("RGB", (8, 8), (shade, 0, 0))) for shade in range(3)]
    first, second, third = (cache.open(uri) for uri in uris)
    assert cache.open(uris[2]) is third
    assert cache.open(uris[1]) is second
    assert cache.open(uris[0]) is not first


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.org/cat.png",
        "data:image/png;base64,AAAA",
        "data:image/png;base64,%%%",
        "/no/such/file.png",
        "askfirst-picture:{}",
    ],
)
def test_what_cannot_be_opened_is_said(uri: str) -> None:
    with pytest.raises(AskFirstError):
        PictureCache().open(uri)


@pytest.mark.parametrize("size", [(1, 1), (3, 200), (200, 3), (1, 5000), (31, 32)])
def test_a_tiny_or_thin_picture_is_scaled_up_and_noted(size: tuple[int, int]) -> None:
    image, note = fitted(Image.new("RGB", size), 32)
    assert min(image.size) >= 32
    assert max(image.size) <= (MOST_ELONGATED + 1) * min(image.size)
    width, height = size
    assert note == f"picture of {width}×{height} px scaled up to {image.width}×{image.height}"


def test_a_picture_that_fits_is_left_alone() -> None:
    image = Image.new("RGB", (32, 320))
    assert fitted(image, 32) == (image, None)
