"""Checking the pictures of a suite before anybody is shown one."""

from collections.abc import Iterable, Iterator

from askfirst.errors import SuiteError
from askfirst.scenarios.observation import Mode
from askfirst.scenarios.picture import Picture
from askfirst.scenarios.reach import reachable
from askfirst.scenarios.registry import scenario
from askfirst.scenarios.sample import Sample
from askfirst.suites.manifest import inside
from askfirst.suites.pixels import open_picture, picture_size, pixel_sha256
from askfirst.suites.suite import Suite

READ_BELOW = 1_000_000_000
"""Bytes of pictures up to which all of them are read before a run, whatever it plays."""


def shown_pictures(selection: Iterable[tuple[str, Sample]], mode: Mode) -> set[str]:
    """Paths of all pictures that the episodes of some (scenario key, sample) can show."""
    return {
        observation.picture.path
        for key, sample in selection
        for observation in reachable(scenario(key), sample, mode)
    }


def suite_size(suite: Suite) -> int:
    """Bytes of all pictures of a suite; each must be there."""
    return sum(inside(suite.root, path).stat().st_size for path in suite.manifest.pictures)


def check_pictures(suite: Suite, selection: Iterable[tuple[str, Sample]], mode: Mode) -> None:
    """Check that every picture of the manifest is there and whole.

    Of a suite larger than `READ_BELOW`, only the pictures that a selection can show are read, so
    that a short run over a huge suite starts at once.

    Args:
        selection: Pairs of scenario key and sample.

    Raises:
        SuiteError: A picture is not in the manifest, missing, outside the folder or broken; the
            message names the first one and says how many more there are.
    """
    shown = shown_pictures(selection, mode)
    problems = [p for path in suite.manifest.pictures if (p := _absence(suite, path))]
    if not problems and suite_size(suite) <= READ_BELOW:
        shown |= set(suite.manifest.pictures)
    problems += [p for path in sorted(shown) if (p := picture_problem(suite, path))]
    distinct = list(dict.fromkeys(problems))
    if distinct:
        more = f" (and {len(distinct) - 1} more)" if len(distinct) > 1 else ""
        raise SuiteError(distinct[0] + more)


def suite_problems(suite: Suite) -> Iterator[tuple[str, str | None]]:
    """Check every picture of a suite, down to its pixels.

    Yields:
        Each path that the manifest or a sample names, with what is wrong with it or None.
    """
    samples = ((key, sample) for key, group in suite.samples.items() for sample in group)
    shown = shown_pictures(samples, Mode())
    for path in sorted(shown | set(suite.manifest.pictures)):
        yield path, picture_problem(suite, path) or _pixel_problem(suite, path)


def _pixel_problem(suite: Suite, path: str) -> str | None:
    try:
        found = pixel_sha256(open_picture(suite, Picture(path)))
    except SuiteError as error:
        return str(error)
    same = found == suite.manifest.pictures[path].pixels
    return None if same else f"{suite.root / path} decodes to other pixels than the manifest says"


def _absence(suite: Suite, path: str) -> str | None:
    try:
        found = inside(suite.root, path).is_file()
    except SuiteError as error:
        return str(error)
    return None if found else f"{suite.root / path} is missing or unreadable"


def picture_problem(suite: Suite, path: str) -> str | None:
    """What is wrong with a picture file, None if nothing is.

    The bytes must match the manifest and begin a picture of the size that it states.
    """
    try:
        size = picture_size(suite, path)
    except SuiteError as error:
        return str(error)
    stated = suite.manifest.pictures[path].size
    return None if size == stated else f"{suite.root / path} is {size}, not {stated} pixels"
