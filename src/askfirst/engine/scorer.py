"""Scores for inspect_ai's logs and viewer; AskFirst's own tables come from the episodes."""

import json

from inspect_ai.scorer import Score, Scorer, Target, mean, scorer, stderr
from inspect_ai.solver import TaskState

from askfirst.engine.solver import EPISODE
from askfirst.protocol.episode import RIGHT, EpisodeOutcome


@scorer(metrics={"acc": [mean(), stderr()], "psr": [mean(), stderr()]})
def episode_scorer() -> Scorer:
    """The paper's pair: `acc` is 1 for a correct ending, `psr` the number of turns − 1."""

    async def score(state: TaskState, target: Target) -> Score:
        episode = json.loads(state.metadata[EPISODE])
        return Score(
            value={
                "acc": int(EpisodeOutcome(episode["outcome"]) in RIGHT),
                "psr": episode["num_turns"] - 1,
            },
            answer=episode["turns"][-1]["reply"],
            explanation=episode["outcome"],
        )

    return score
