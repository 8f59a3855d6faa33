"""Where samples and pictures come from."""

from askfirst.suites.manifest import Manifest, PictureEntry
from askfirst.suites.pixels import EncodedPicture, encode_picture, open_picture, pixel_sha256
from askfirst.suites.selection import select, with_twins
from askfirst.suites.suite import Suite, load_suite, suite_folder
from askfirst.suites.verify import check_pictures

__all__ = [
    "EncodedPicture",
    "Manifest",
    "PictureEntry",
    "Suite",
    "check_pictures",
    "encode_picture",
    "load_suite",
    "open_picture",
    "pixel_sha256",
    "select",
    "suite_folder",
    "with_twins",
]
