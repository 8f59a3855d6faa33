"""Scenarios by key: the seven of the paper, and what plug-ins add."""

from functools import cache
from importlib.metadata import entry_points
from typing import Any

from askfirst.errors import UnknownName
from askfirst.scenarios.cit import TutorialVideo
from askfirst.scenarios.coco import MovingCamera
from askfirst.scenarios.in_c import CorruptedPhotograph
from askfirst.scenarios.mvp_n import MultiView
from askfirst.scenarios.qd import QuickDrawing
from askfirst.scenarios.rod import RealisticOcclusion
from askfirst.scenarios.scenario import Scenario
from askfirst.scenarios.vsod import VideoOcclusion

ENTRY_POINT_GROUP = "askfirst.scenarios"
"""Distributions register a Scenario class under this group to add a scenario."""

PUBLISHED: tuple[Scenario[Any, Any], ...] = (
    RealisticOcclusion(),
    VideoOcclusion(),
    MultiView(),
    CorruptedPhotograph(),
    QuickDrawing(),
    TutorialVideo(),
    MovingCamera(),
)
"""The scenarios of the paper, in its order."""


@cache
def scenarios() -> dict[str, Scenario[Any, Any]]:
    """All scenarios by key: the published ones in the paper's order, then those of plug-ins.

    Raises:
        UnknownName: A plug-in brings a key that is taken.
    """
    known = {scenario.key: scenario for scenario in PUBLISHED}
    for entry_point in entry_points(group=ENTRY_POINT_GROUP):
        plugged: Scenario[Any, Any] = entry_point.load()()
        if plugged.key in known:
            raise UnknownName(
                f"the plug-in {entry_point.value!r} brings scenario {plugged.key!r}, which exists"
            )
        known[plugged.key] = plugged
    return known


def scenario(key: str) -> Scenario[Any, Any]:
    """The scenario of a key; case does not matter.

    Raises:
        UnknownName: There is no such scenario.
    """
    found = {name.upper(): value for name, value in scenarios().items()}.get(key.upper())
    if found is None:
        raise UnknownName(f"unknown scenario {key!r}: choose from {', '.join(scenarios())}")
    return found
