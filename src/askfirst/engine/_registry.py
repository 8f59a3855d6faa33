"""What `inspect_ai` finds under this distribution's entry point."""

from askfirst.engine.scorer import episode_scorer
from askfirst.engine.solver import play_episode
from askfirst.engine.tasks import cit, coco, in_c, mvp_n, qd, rod, vsod
from askfirst.providers.baseline import baseline
from askfirst.providers.local.provider import local, shipped
from askfirst.providers.server import server

__all__ = [
    "baseline",
    "cit",
    "coco",
    "episode_scorer",
    "in_c",
    "local",
    "mvp_n",
    "play_episode",
    "qd",
    "rod",
    "server",
    "shipped",
    "vsod",
]
