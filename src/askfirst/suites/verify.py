"""Checking the pictures of a suite before anybody is shown one."""

from collections import deque
from collections.abc import Iterable
from typing import Any

from askfirst.errors import SuiteError
from askfirst.scenarios.observation import Mode
from askfirst.scenarios.option import OptionKind
from askfirst.scenarios.registry import scenario
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.scenario import State
from askfirst.suites.manifest import inside
from askfirst.suites.pixels import picture_size
from askfirst.suites.suite import Suite


def reachable_pictures(key: str, sample: Sample, mode: Mode) -> set[str]:
    """Paths of all pictures that an episode of a sample can show, whatever is chosen."""
    rules = scenario(key)
    start: State[Any] = State(rules.start(sample))
    queue, seen, paths = deque([start]), {start.cursor}, set[str]()
    while queue:
        state = queue.popleft()
        observation = rules.observe(sample, state, mode)
        paths.add(observation.picture.path)
        for index, option in enumerate(observation.options):
            if option.kind is OptionKind.ACTION and option.valid:
                following = rules.step(sample, state, index, mode)
                if isinstance(following, State) and following.cursor not in seen:
                    seen.add(following.cursor)
                    queue.append(following)
    return paths


def check_pictures(suite: Suite, selection: Iterable[tuple[str, Sample]], mode: Mode) -> None:
    """Check that every picture of the manifest is there, and those of a selection whole.

    Args:
        selection: Pairs of scenario key and sample; the bytes of every picture that their
            episodes can show are compared with the manifest.

    Raises:
        SuiteError: A picture is not in the manifest, missing, outside the folder or broken; the
            message names the first one and says how many more there are.
    """
    shown = {p for key, sample in selection for p in reachable_pictures(key, sample, mode)}
    problems = [p for path in suite.manifest.pictures if (p := _absence(suite, path))]
    problems += [p for path in sorted(shown) if (p := picture_problem(suite, path))]
    distinct = list(dict.fromkeys(problems))
    if distinct:
        more = f" (and {len(distinct) - 1} more)" if len(distinct) > 1 else ""
        raise SuiteError(distinct[0] + more)


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
