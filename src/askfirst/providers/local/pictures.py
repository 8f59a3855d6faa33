"""Pictures in a worker: opened by reference, kept for the next turn, fit for the model."""

import base64
import binascii
import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from askfirst.errors import RunError
from askfirst.providers.local.job import Job
from askfirst.suites.pixels import decode_picture
from askfirst.suites.reference import SCHEME, from_uri, open_reference

KEPT_BYTES = 256_000_000
"""Bytes of decoded pictures that a worker keeps."""

MOST_ELONGATED = 100
"""Longest side over shortest; image processors refuse pictures of 200 and more."""

PIXELS_A_CHARACTER = 200
"""A token of text is about 4 characters, one of a picture about 28 × 28 pixels."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A job with its pictures, as RGB images."""

    job: Job
    images: tuple[Image.Image, ...]

    @property
    def length(self) -> int:
        """How much there is to read, counted in characters: a cheap stand-in for tokens."""
        characters = sum(len(line.text) for line in self.job.lines)
        pixels = sum(image.width * image.height for image in self.images)
        return characters + pixels // PIXELS_A_CHARACTER


class PictureCache:
    """The pictures that were opened last.

    Args:
        limit: Bytes of pixels that are kept.
    """

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._limit = limit
        self._held = 0
        self._kept: OrderedDict[bytes, Image.Image] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, uri: str) -> Image.Image:
        """The RGB picture of a reference of ours, a data URI or a path.

        A path is read every time: nothing says whether its file has changed.

        Raises:
            AskFirstError: It cannot be had.
        """
        if not uri.startswith((SCHEME, "data:")):
            return _picture_in_file(uri)
        key = hashlib.sha256(uri.encode()).digest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        image = open_reference(from_uri(uri)) if uri.startswith(SCHEME) else _inline_picture(uri)
        with self._lock:
            self._keep(key, image)
        return image

    def _keep(self, key: bytes, image: Image.Image) -> None:
        if key in self._kept:
            return
        self._kept[key] = image
        self._held += _size(image)
        while self._held > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self._held -= _size(oldest)


def _size(image: Image.Image) -> int:
    return 3 * image.width * image.height


def _inline_picture(uri: str) -> Image.Image:
    try:
        return decode_picture(base64.b64decode(uri.partition(",")[2], validate=True), "data URI")
    except binascii.Error as error:
        raise RunError(f"a picture's data URI is broken: {error}") from error


def _picture_in_file(path: str) -> Image.Image:
    if "://" in path:
        raise RunError(f"a local model fetches no pictures from the network: {path[:80]!r}")
    try:
        return decode_picture(Path(path).read_bytes(), path)
    except OSError as error:
        raise RunError(f"picture {path!r} cannot be read: {error.strerror}") from error


def fitted(image: Image.Image, least: int) -> tuple[Image.Image, str | None]:
    """A picture that an image processor takes, and a note if it had to be scaled for that.

    Both sides have at least `least` pixels afterwards. Their proportion is kept, unless it is more
    than `MOST_ELONGATED`: then the shorter side is stretched.
    """
    width, height = image.size
    thin = -(-max(width, height) // MOST_ELONGATED)
    width, height = max(width, thin), max(height, thin)
    factor = max(1.0, least / min(width, height))
    size = (max(least, round(width * factor)), max(least, round(height * factor)))
    if min(image.size) >= least and size == image.size:
        return image, None
    note = f"picture of {image.width}×{image.height} px scaled up to {size[0]}×{size[1]}"
    return image.resize(size, Image.Resampling.BICUBIC), note
