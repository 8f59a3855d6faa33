"""The one solver: plays an episode with whatever model inspect_ai was given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageUser,
    GenerateConfig,
    Model,
    ModelOutput,
    get_model,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver

from askfirst.engine.chat import Encoder, chat_message, picture_encoder
from askfirst.engine.journal import Journal, to_line
from askfirst.protocol.episode import Episode
from askfirst.protocol.play import Broken, Reply, Request, play
from askfirst.protocol.protocol import Protocol
from askfirst.providers.direct import NOTE, OPTION_LOGPROBS, DirectModel
from askfirst.scenarios.registry import scenario
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


Recorder = Callable[[Episode], None]


@dataclass(frozen=True)
class EpisodeStore:
    """Where finished episodes go, and where those lie that need not be played again.

    One object of a class of its own, for the same reason: inspect_ai knows a run's log again by its
    solver's arguments, and would count the name of a callback among them.

    Attributes:
        journal: The run's memory, if it has one.
        recorded: Called with every episode that is played here.
    """

    journal: Journal | None = None
    recorded: Recorder | None = None


@solver
def play_episode(
    suite: Suite,
    samples: SampleTable,
    protocol: Protocol,
    seed: int = 0,
    store: EpisodeStore = EpisodeStore(),
) -> Solver:
    """A solver that plays the sample named by the metadata's `scenario` and `sample`.

    Args:
        suite: Where pictures come from.
        samples: The scenario's samples.
        protocol: How they are put to the model.
        seed: Seed of players that draw at random.
        store: Where episodes go.
    """
    journal = store.journal
    inline, referred = picture_encoder(suite), picture_encoder(suite, by_reference=True)

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        model = get_model()
        key = (str(model), state.metadata["scenario"], state.metadata["sample"])
        episode = journal.finished(key) if journal else None
        error: Exception | None = None
        if episode is None:
            opens = isinstance(model.api, DirectModel) and model.api.opens_pictures
            encode = referred if opens else inline
            episode, error = await _played(
                state, model, encode, samples.by_id[key[2]], protocol, seed
            )
            episode = replace(episode, suite=suite.manifest.name)
            if journal:
                journal.append(episode)
            if store.recorded:
                store.recorded(episode)
        if error:
            raise error
        # One text, not an object: inspect_ai compares a sample's state value by value.
        state.metadata[EPISODE] = journal.line(key) if journal else to_line(episode)
        state.output = ModelOutput.from_content(key[0], episode.turns[-1].reply)
        state.completed = True
        return state

    return solve


async def _played(
    state: TaskState, model: Model, encode: Encoder, sample: Sample, protocol: Protocol, seed: int
) -> tuple[Episode, Exception | None]:
    """Play one sample; whatever breaks ends it as an error, never as a wrong answer."""
    key = state.metadata["scenario"]
    playing = play(scenario(key), sample, protocol)
    config = GenerateConfig(max_tokens=protocol.max_tokens, temperature=protocol.temperature)
    error: Exception | None = None
    state.messages = []
    try:
        request = next(playing)
        while True:
            answer: Reply | Broken
            try:
                draw = f"{seed}:{key}:{sample.id}:{request.observation.turn}"
                answer = await _reply(state, model, request, encode, config, draw)
            except Exception as broken:  # whatever breaks is an error of the run, not of the model
                error = broken
                answer = Broken(f"{type(broken).__name__}: {broken}")
            request = playing.send(answer)
    except StopIteration as stop:
        finished: Episode = stop.value
    named = replace(finished, model=str(model), seed=seed)
    return named, error


async def _reply(
    state: TaskState,
    model: Model,
    request: Request,
    encode: Encoder,
    config: GenerateConfig,
    draw: str,
) -> Reply:
    direct = model.api if isinstance(model.api, DirectModel) else None
    *past, shown = request.messages
    messages = [chat_message(message, encode) for message in past]
    messages.append(chat_message(shown, encode, direct.told(request, draw) if direct else None))
    if direct:
        output = await direct.reply(messages, config)
    else:
        output = await model.generate(messages, config=config)
    text = output.completion
    assert shown.picture is not None
    sha256 = encode(shown.picture).sha256
    # Logs get the picture's name and digest: its bytes lie in the suite already.
    seen = f"[{shown.picture.path}, sha256 {sha256}]\n{shown.text}"
    state.messages += [ChatMessageUser(content=seen), ChatMessageAssistant(content=text)]
    return _reply_of(output, sha256)


def _reply_of(output: ModelOutput, sha256: str) -> Reply:
    """A model's output as a reply; providers of ours say more in its metadata."""
    said = output.metadata or {}
    return Reply(output.completion, sha256, said.get(OPTION_LOGPROBS), said.get(NOTE))
