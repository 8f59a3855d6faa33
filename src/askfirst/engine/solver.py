"""The one solver: plays an episode inside of inspect_ai, with whatever model that was given."""

from collections.abc import Mapping
from dataclasses import dataclass

from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageUser,
    ModelOutput,
    get_model,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver

from askfirst.engine.chat import SentPicture, picture_encoder
from askfirst.engine.exchange import exchange
from askfirst.engine.journal import to_line
from askfirst.engine.store import NO_STORE, EpisodeStore
from askfirst.protocol.play import Message
from askfirst.protocol.protocol import Protocol
from askfirst.providers.direct import opens_pictures
from askfirst.scenarios.sample import Sample
from askfirst.suites.suite import Suite

EPISODE = "episode"
"""Key of the finished episode, as a JSON text, in a sample's metadata."""


@dataclass(frozen=True)
class SampleTable:
    """A scenario's samples by id.

    A class of its own because inspect_ai writes a solver's arguments into every log: it spells out
    a dictionary, sample by sample, but only names an object.
    """

    by_id: Mapping[int, Sample]


@solver
def play_episode(
    suite: Suite,
    samples: SampleTable,
    protocol: Protocol,
    seed: int = 0,
    store: EpisodeStore = NO_STORE,
) -> Solver:
    """A solver that plays the sample named by the metadata's `scenario` and `sample`.

    Args:
        suite: Where pictures come from.
        samples: The scenario's samples.
        protocol: How they are put to the model.
        seed: Seed of players that draw at random.
        store: Where episodes go.
    """
    inline, referred = picture_encoder(suite), picture_encoder(suite, by_reference=True)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        key = (str(model), state.metadata["scenario"], state.metadata["sample"])
        episode = store.finished(key)
        if episode is None:
            encode = referred if opens_pictures(model) else inline
            sample = samples.by_id[key[2]]
            played = await exchange(model, suite, key[1], sample, protocol, seed, encode)
            episode = played.episode
            store.keep(episode)
            state.messages = [message for turn in played.turns for message in _logged(*turn)]
            if played.error:
                raise played.error
        # One text, not an object: inspect_ai compares a sample's state value by value.
        state.metadata[EPISODE] = to_line(episode)
        state.output = ModelOutput.from_content(key[0], episode.turns[-1].reply)
        state.completed = True
        return state

    return solve


def _logged(shown: Message, sent: SentPicture, reply: str) -> tuple[ChatMessage, ChatMessage]:
    """A turn for the log, with name and digest for the picture: its bytes lie in the suite."""
    assert shown.picture is not None
    seen = f"[{shown.picture.path}, sha256 {sent.sha256}]\n{shown.text}"
    return ChatMessageUser(content=seen), ChatMessageAssistant(content=reply)
