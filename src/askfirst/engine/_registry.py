"""What `inspect_ai` finds under this distribution's entry point."""

from askfirst.engine.baselines import baseline
from askfirst.engine.scorer import episode_scorer
from askfirst.engine.solver import play_episode
from askfirst.engine.tasks import cit, coco, in_c, mvp_n, qd, rod, vsod

__all__ = [
    "baseline",
    "cit",
    "coco",
    "episode_scorer",
    "in_c",
    "mvp_n",
    "play_episode",
    "qd",
    "rod",
    "vsod",
]
