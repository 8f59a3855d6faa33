"""WebP pictures for servers that cannot read them."""

from base64 import b64decode, b64encode
from functools import lru_cache
from io import BytesIO

from PIL import Image

WEBP = "data:image/webp;base64,"
PNG = "data:image/png;base64,"

CACHED = 256


@lru_cache(maxsize=CACHED)
def as_png(uri: str) -> str:
    """A WebP data URI as a PNG of the same pixels; any other URI unchanged.

    llama.cpp, and what is built on it, reads no WebP: some versions refuse it, others leave the
    picture out without a word, which would be scored as the model's blindness.
    """
    if not uri.startswith(WEBP):
        return uri
    content = BytesIO()
    with Image.open(BytesIO(b64decode(uri[len(WEBP) :]))) as image:
        image.save(content, "PNG", compress_level=1)
    return PNG + b64encode(content.getvalue()).decode("ascii")
