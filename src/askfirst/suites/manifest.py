"""The manifest of a suite: what a folder claims to hold, checked before anybody believes it.

Manifests and the files they name come from anywhere, so paths must stay inside the folder and
bytes must match their digests.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from askfirst.errors import SuiteError

FORMAT = "askfirst-suite-1"
MANIFEST_NAME = "suite.json"


@dataclass(frozen=True, slots=True)
class PictureEntry:
    """What a manifest says of one picture.

    Attributes:
        sha256: Hex digest of the file's bytes.
        pixels: Hex digest of `b"WxH:"` followed by the decoded RGB bytes.
        size: Width and height in pixels.
    """

    sha256: str
    pixels: str
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class SampleFile:
    """What a manifest says of one scenario's records: file, digest of its bytes, their number."""

    path: str
    sha256: str
    count: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A checked manifest.

    Attributes:
        name, version, title, license: What the suite is called and under what terms it may be used.
        samples: Records by scenario key.
        pictures: Pictures by path.
        sha256: Hex digest of the manifest file, which pins every other file.
    """

    name: str
    version: str
    title: str
    license: str
    samples: Mapping[str, SampleFile]
    pictures: Mapping[str, PictureEntry]
    sha256: str


def inside(root: Path, path: str) -> Path:
    """The file of a manifest's path.

    Raises:
        SuiteError: The path is absolute, climbs out of the folder, or is led out by a link.
    """
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or ":" in path or not pure.parts:
        raise SuiteError(f"{path!r} is not a path inside the suite's folder {root}")
    file = root / pure
    if not file.resolve().is_relative_to(root.resolve()):
        raise SuiteError(f"{path!r} leads out of the suite's folder {root}")
    return file


def read_file(root: Path, path: str, sha256: str) -> bytes:
    """The bytes of a file that the manifest pins.

    Raises:
        SuiteError: It is missing, outside the folder, or not what the manifest says.
    """
    try:
        content = inside(root, path).read_bytes()
    except OSError as error:
        raise SuiteError(f"{root / path} is missing or unreadable: {error.strerror}") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SuiteError(f"{root / path} is broken: its bytes do not match the manifest")
    return content


def read_manifest(root: Path) -> Manifest:
    """Read and check `suite.json` of a folder; the files that it names are not opened.

    Raises:
        SuiteError: There is none, or it is not a manifest of this format.
    """
    file = root / MANIFEST_NAME
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SuiteError(
            f"{root} is no suite: {MANIFEST_NAME} cannot be read ({error.strerror})"
        ) from error
    try:
        record = json.loads(content)
    except ValueError as error:
        raise SuiteError(f"{file} is not JSON: {error}") from error
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise SuiteError(f"{file} is not a manifest of format {FORMAT!r}")
    try:
        return _manifest(record, hashlib.sha256(content).hexdigest())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SuiteError(f"{file} is incomplete or malformed: {error!r}") from error


def _manifest(record: Mapping[str, Any], sha256: str) -> Manifest:
    return Manifest(
        name=str(record["name"]),
        version=str(record["version"]),
        title=str(record["title"]),
        license=str(record["license"]),
        samples={
            key: SampleFile(str(entry["file"]), str(entry["sha256"]), int(entry["n"]))
            for key, entry in record["samples"].items()
        },
        pictures={
            path: PictureEntry(
                str(entry["sha256"]),
                str(entry["pixels"]),
                (int(entry["size"][0]), int(entry["size"][1])),
            )
            for path, entry in record["pictures"].items()
        },
        sha256=sha256,
    )
