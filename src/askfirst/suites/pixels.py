"""Opening pictures: from a reference and a view to pixels, and to the bytes that a model gets."""

import hashlib
import io
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image

from askfirst.errors import SuiteError
from askfirst.scenarios.picture import Crop, Picture, Resize, View
from askfirst.suites.manifest import read_file
from askfirst.suites.suite import Suite

MAX_PIXELS = 64_000_000
"""Pictures with more pixels than this are refused before they are decoded."""

FORMATS = ("WEBP", "PNG", "JPEG")

MEDIA_TYPES = {
    ".webp": "image/webp",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}


@dataclass(frozen=True, slots=True)
class EncodedPicture:
    """A picture as it is sent.

    Attributes:
        content: The bytes of an image file.
        media_type: Such as "image/webp".
        sha256: Hex digest of `content`.
    """

    content: bytes
    media_type: str
    sha256: str


def _file_bytes(suite: Suite, path: str) -> bytes:
    entry = suite.manifest.pictures.get(path)
    if entry is None:
        raise SuiteError(f"picture {path!r} is not in the manifest of {suite.root}")
    return read_file(suite.root, path, entry.sha256)


def _open(content: bytes, path: str) -> Image.Image:
    """Read the header of a picture; its pixels are decoded when somebody asks for them."""
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise SuiteError(f"picture {path!r} is not a {', '.join(FORMATS)} file: {error}") from error
    if image.width * image.height > MAX_PIXELS:
        raise SuiteError(f"picture {path!r} has more than {MAX_PIXELS:,} pixels")
    return image


def picture_size(suite: Suite, path: str) -> tuple[int, int]:
    """Width and height in pixels, from the header of a file whose bytes match the manifest.

    Raises:
        SuiteError: The file is not in the manifest, missing, broken or not a picture.
    """
    return _open(_file_bytes(suite, path), path).size


def decode_picture(content: bytes, path: str) -> Image.Image:
    """Decode the bytes of a picture file, named by `path` in messages, to RGB.

    Raises:
        SuiteError: They are no picture, broken, or too large a picture.
    """
    try:
        return _open(content, path).convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        raise SuiteError(f"picture {path!r} cannot be decoded: {error}") from error


def apply_view(image: Image.Image, view: View) -> Image.Image:
    """The part or size of a picture that a view shows."""
    if isinstance(view, Crop):
        left, top, right, bottom = (round(edge) for edge in view.box)
        return image.crop((left, top, right, bottom))
    if isinstance(view, Resize):
        return image.resize(view.size_for(image.size), Image.Resampling.BILINEAR)
    return image


def open_picture(suite: Suite, picture: Picture) -> Image.Image:
    """Decode a picture and apply its view.

    Returns:
        An RGB image.

    Raises:
        SuiteError: The file is not in the manifest, missing, broken or not a picture.
    """
    return apply_view(decode_picture(_file_bytes(suite, picture.path), picture.path), picture.view)


def encode_picture(suite: Suite, picture: Picture) -> EncodedPicture:
    """The bytes that a model gets: the file itself, or a lossless PNG of a view of it.

    Raises:
        SuiteError: As for `open_picture`.
    """
    content = _file_bytes(suite, picture.path)
    media_type = MEDIA_TYPES.get(PurePosixPath(picture.path).suffix.lower(), "")
    if picture.view is not None or not media_type:
        buffer = io.BytesIO()
        apply_view(decode_picture(content, picture.path), picture.view).save(buffer, "PNG")
        content, media_type = buffer.getvalue(), "image/png"
    return EncodedPicture(content, media_type, hashlib.sha256(content).hexdigest())


def pixel_sha256(image: Image.Image) -> str:
    """Hex digest of `b"WxH:"` followed by the RGB bytes: the same for the same pixels."""
    rgb = image.convert("RGB")
    return hashlib.sha256(f"{rgb.width}x{rgb.height}:".encode() + rgb.tobytes()).hexdigest()
