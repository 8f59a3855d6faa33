"""References: texts that name a picture of a suite, so that another process can open it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from askfirst.errors import SuiteError
from askfirst.scenarios.picture import Crop, Picture, Resize, View
from askfirst.suites.manifest import read_file
from askfirst.suites.pixels import apply_view, decode_picture
from askfirst.suites.suite import Suite

SCHEME = "askfirst-picture:"


@dataclass(frozen=True, slots=True)
class PictureReference:
    """A picture that lies in a suite's folder.

    Attributes:
        root: The suite's folder.
        path: POSIX path of the file inside it.
        sha256: Hex digest that the file's bytes must have.
        view: The part or size that is shown.
    """

    root: Path
    path: str
    sha256: str
    view: View = None


def refer(suite: Suite, picture: Picture) -> PictureReference:
    """The reference to a picture.

    Raises:
        SuiteError: The picture is not in the suite's manifest.
    """
    entry = suite.manifest.pictures.get(picture.path)
    if entry is None:
        raise SuiteError(f"picture {picture.path!r} is not in the manifest of {suite.root}")
    return PictureReference(suite.root.resolve(), picture.path, entry.sha256, picture.view)


def to_uri(reference: PictureReference) -> str:
    """A reference as one text."""
    view: dict[str, Any] = {}
    if isinstance(reference.view, Crop):
        view = {"crop": reference.view.box}
    elif isinstance(reference.view, Resize):
        view = {"short_edge": reference.view.short_edge}
    told = {
        "root": str(reference.root),
        "path": reference.path,
        "sha256": reference.sha256,
        **view,
    }
    return SCHEME + json.dumps(told)


def from_uri(uri: str) -> PictureReference:
    """The reference that `to_uri` wrote.

    Raises:
        SuiteError: The text is no such reference.
    """
    try:
        told = json.loads(uri.removeprefix(SCHEME))
        return PictureReference(Path(told["root"]), told["path"], told["sha256"], _view(told))
    except (ValueError, KeyError, TypeError) as error:
        raise SuiteError(f"not a reference to a picture: {uri[:80]!r}") from error


def _view(told: Mapping[str, Any]) -> View:
    if "crop" in told:
        return Crop(*told["crop"])
    return Resize(told["short_edge"]) if "short_edge" in told else None


def open_reference(reference: PictureReference) -> Image.Image:
    """Decode a picture and apply its view.

    Returns:
        An RGB image.

    Raises:
        SuiteError: The file is outside the folder, missing, changed, broken or not a picture.
    """
    content = read_file(reference.root, reference.path, reference.sha256)
    return apply_view(decode_picture(content, reference.path), reference.view)
