"""One sample put to one model, turn by turn, whoever runs the event loop."""

from dataclasses import dataclass, replace

from inspect_ai.model import GenerateConfig, Model, ModelOutput

from askfirst.engine.chat import Encoder, SentPicture, chat_message
from askfirst.protocol.episode import Episode
from askfirst.protocol.play import Broken, Message, Reply, Request, play
from askfirst.protocol.protocol import Protocol
from askfirst.providers.direct import NOTE, OPTION_LOGPROBS, DirectModel
from askfirst.scenarios.registry import scenario
from askfirst.scenarios.sample import Sample
from askfirst.suites.suite import Suite


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What came of a sample.

    Attributes:
        episode: The finished episode.
        error: What ended it, if it is no result.
        turns: Each question with its picture as sent, and the reply to it.
    """

    episode: Episode
    error: Exception | None
    turns: tuple[tuple[Message, SentPicture, str], ...]


async def exchange(
    model: Model,
    suite: Suite,
    key: str,
    sample: Sample,
    protocol: Protocol,
    seed: int,
    encode: Encoder,
) -> Exchanged:
    """Play one sample; whatever breaks ends it as an error, never as a wrong answer.

    Args:
        model: Who replies.
        suite: Where the sample is from.
        key: The sample's scenario.
        sample: What is played.
        protocol: By which rules.
        seed: Seed of players that draw at random.
        encode: Turns pictures to what is sent.
    """
    playing = play(scenario(key), sample, protocol)
    config = GenerateConfig(max_tokens=protocol.max_tokens, temperature=protocol.temperature)
    error: Exception | None = None
    turns: list[tuple[Message, SentPicture, str]] = []
    try:
        request = next(playing)
        while True:
            answer: Reply | Broken
            try:
                draw = f"{seed}:{key}:{sample.id}:{request.observation.turn}"
                output = await _output(model, request, encode, config, draw)
                shown = request.messages[-1]
                assert shown.picture is not None
                sent = encode(shown.picture)
                turns.append((shown, sent, output.completion))
                answer = _reply_of(output, sent.sha256)
            except Exception as broken:  # whatever breaks is an error of the run, not of the model
                error = broken
                answer = Broken(f"{type(broken).__name__}: {broken}")
            request = playing.send(answer)
    except StopIteration as stop:
        finished: Episode = stop.value
    episode = replace(finished, model=str(model), suite=suite.manifest.name, seed=seed)
    return Exchanged(episode, error, tuple(turns))


async def _output(
    model: Model, request: Request, encode: Encoder, config: GenerateConfig, draw: str
) -> ModelOutput:
    direct = model.api if isinstance(model.api, DirectModel) else None
    *past, shown = request.messages
    messages = [chat_message(message, encode) for message in past]
    messages.append(chat_message(shown, encode, direct.told(request, draw) if direct else None))
    if direct:
        return await direct.reply(messages, config)
    return await model.generate(messages, config=config)


def _reply_of(output: ModelOutput, sha256: str) -> Reply:
    """A model's output as a reply; providers of ours say more in its metadata."""
    said = output.metadata or {}
    return Reply(output.completion, sha256, said.get(OPTION_LOGPROBS), said.get(NOTE))
