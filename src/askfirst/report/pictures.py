"""Small copies of the pictures that were shown, each of them once however often it was shown."""

import base64
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from askfirst.errors import AskFirstError, SuiteError
from askfirst.protocol.episode import Episode
from askfirst.report.progress import Progress, silent
from askfirst.report.runs import Run
from askfirst.scenarios.picture import Picture
from askfirst.suites.pixels import open_picture
from askfirst.suites.suite import EMBEDDED, Suite, load_suite

LONG_EDGE = 256
"""Longest side of a small copy in pixels."""

QUALITY = 75
"""WebP quality of a small copy."""

MOST_EMBEDDED = 400
"""Pictures that a page carries within itself; more of them lie in a folder beside it."""

MOST_BYTES = 12_000_000
"""Bytes of pictures that a page carries within itself."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The small copies for one page.

    Attributes:
        sources: What a page puts into `src`, by the SHA-256 of what the model was sent.
        files: Files to be written into the folder beside the page, by name.
        missing: Why pictures are left out; None if they are not.
    """

    sources: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    missing: str | None = None


def find_suite(run: Run, folder: Path | None = None) -> Suite:
    """The suite that a run played: from a given folder, embedded, or where the run found it.

    Raises:
        SuiteError: It is nowhere, or what is there is another version.
    """
    if folder is not None:
        places = [str(folder)]
    elif run.suite.name in EMBEDDED:
        places = [run.suite.name]
    else:
        places = [str(place) for place in run.suite_folders]
    reason = f"the runs do not say where suite {run.suite.name} lies"
    for place in places:
        try:
            suite = load_suite(place)
        except AskFirstError as error:
            reason = str(error)
            continue
        if suite.manifest.sha256 == run.suite.sha256:
            return suite
        reason = f"{place} is not the version of suite {run.suite.name} that was played"
    raise SuiteError(reason)


def shown_pictures(episodes: Sequence[Episode]) -> dict[str, Picture]:
    """Every picture that was sent, by the SHA-256 of its bytes."""
    return {
        turn.image_sha256: turn.picture
        for episode in episodes
        for turn in episode.turns
        if turn.image_sha256 is not None
    }


def small_copy(image: Image.Image, long_edge: int = LONG_EDGE) -> bytes:
    """A WebP file of a picture no longer than `long_edge` pixels on either side."""
    copy = image.copy()
    copy.thumbnail((long_edge, long_edge), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    copy.save(buffer, "WEBP", quality=QUALITY)
    return buffer.getvalue()


def small_copies(
    suite: Suite, episodes: Sequence[Episode], beside: str, progress: Progress = silent
) -> Pictures:
    """Small copies of all pictures that episodes showed.

    Args:
        suite: Where the pictures come from.
        episodes: What showed them.
        beside: Name of the folder beside the page, for pictures that are too many to be embedded.
        progress: Told of every picture.
    """
    shown = shown_pictures(episodes)
    copies: dict[str, bytes] = {}
    missing = None
    for done, (sha256, picture) in enumerate(shown.items(), start=1):
        try:
            copies[sha256] = small_copy(open_picture(suite, picture))
        except SuiteError as error:
            missing = f"some pictures are left out: {error}"
        progress("Pictures", done, len(shown))
    if len(copies) <= MOST_EMBEDDED and sum(map(len, copies.values())) <= MOST_BYTES:
        return Pictures({sha256: _data_uri(copy) for sha256, copy in copies.items()}, {}, missing)
    # Named by their own bytes, so that a second report never shows the picture of a first.
    names = {sha256: f"{hashlib.sha256(c).hexdigest()[:20]}.webp" for sha256, c in copies.items()}
    return Pictures(
        {sha256: f"{beside}/{name}" for sha256, name in names.items()},
        {names[sha256]: copy for sha256, copy in copies.items()},
        missing,
    )


def _data_uri(webp: bytes) -> str:
    return "data:image/webp;base64," + base64.b64encode(webp).decode("ascii")
