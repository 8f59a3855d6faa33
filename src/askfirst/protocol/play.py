"""The one loop in which episodes are played, whoever replies.

`play` is a generator: it yields what to show, is sent what came back, and returns the episode. The
engine drives it with a model, `replay` with recorded replies; neither knows the rules.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

from askfirst.protocol.episode import Episode, EpisodeOutcome, Turn, episode_outcome
from askfirst.protocol.official_parser import judge
from askfirst.protocol.prompt import prompt_text, question_text
from askfirst.protocol.protocol import ParserName, Protocol
from askfirst.protocol.reading import Reading
from askfirst.protocol.robust_parser import read
from askfirst.scenarios.environment import Environment
from askfirst.scenarios.move import Move
from askfirst.scenarios.observation import Observation, Outcome
from askfirst.scenarios.option import OptionKind
from askfirst.scenarios.picture import Picture
from askfirst.scenarios.plan import shortest_plan
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation: of the user, with a picture, or of the assistant."""

    role: str
    text: str
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What to put to the model in one turn.

    Attributes:
        messages: The conversation so far, the question last.
        observation: The state behind it (never shown to a model).
        advice: The option that a player who knows everything would choose.
        labels: Labels of the options in the question.
        parser: Whose reading of the reply decides.
        continued: Whether the next turn's messages begin with these.
    """

    messages: tuple[Message, ...]
    observation: Observation
    advice: int
    labels: tuple[str, ...]
    parser: ParserName
    continued: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        text: What the model wrote.
        image_sha256: Hex digest of the picture's bytes as sent.
        option_logprobs: Log-probability of each option as the reply, in nats, if it was asked for.
        note: What was done to the request on the way.
    """

    text: str
    image_sha256: str | None = None
    option_logprobs: tuple[float, ...] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """Sent instead of a reply when none could be had; ends the episode as an error."""

    error: str


def read_reply(reply: str, observation: Observation, protocol: Protocol) -> dict[str, Reading]:
    """What each parser makes of a reply."""
    options = observation.options
    return {
        ParserName.OFFICIAL.value: judge(reply, options),
        ParserName.ROBUST.value: read(reply, options, protocol.labels_for(len(options))),
    }


def play(
    scenario: Scenario[Any, Any], sample: Sample, protocol: Protocol
) -> Generator[Request, Reply | Broken, Episode]:
    """Play one sample from its first observation to its end.

    Yields:
        The request of each turn.

    Returns:
        The finished episode; its `model`, `suite` and `seed` are left to the caller.
    """
    environment = Environment(scenario, sample, protocol.mode)
    plan = shortest_plan(scenario, sample, protocol.mode)
    first = environment.reset()
    # Where a suite does not know which pictures suffice, the plan is to answer when allowed to,
    # which says nothing about how many suggestions a person would need.
    shortest = None if plan is None or first.sufficient is None else len(plan)
    step: Observation | Outcome = first
    turns: list[Turn] = []
    past: list[Message] = []
    while isinstance(step, Observation):
        observation = step
        labels = protocol.labels_for(len(observation.options))
        text = prompt_text(observation, labels, protocol.template, protocol.hint)
        shown = Message("user", text, observation.picture)
        advice = _advice(observation, plan)
        reply = yield Request(
            messages=(*past, shown),
            observation=observation,
            advice=advice,
            labels=labels,
            parser=protocol.parser,
            continued=protocol.history,
        )
        if isinstance(reply, Broken):
            return _episode(scenario, sample, protocol, shortest, turns, reply)
        readings = read_reply(reply.text, observation, protocol)
        choice = readings[protocol.parser].index
        step = environment.step(choice)
        turns.append(
            Turn(
                picture=observation.picture,
                image_sha256=reply.image_sha256,
                prompt=question_text(observation, protocol.hint),
                options=observation.options,
                evidence=observation.evidence,
                sufficient=observation.sufficient,
                reply=reply.text,
                readings=readings,
                choice=choice,
                move=_move(scenario, sample, observation, choice),
                option_logprobs=reply.option_logprobs,
                note=reply.note,
            )
        )
        if protocol.history:
            past += [shown, Message("assistant", reply.text)]
    return _episode(scenario, sample, protocol, shortest, turns, step)


def _advice(observation: Observation, plan: tuple[int, ...] | None) -> int:
    """The next suggestion of the plan, then the correct category."""
    if plan is not None and observation.turn < len(plan):
        return plan[observation.turn]
    categories = [i for i, o in enumerate(observation.options) if o.kind is OptionKind.CATEGORY]
    accepted = [i for i in categories if observation.options[i].valid]
    return (accepted or categories)[0]


def _move(
    scenario: Scenario[Any, Any], sample: Sample, observation: Observation, choice: int | None
) -> Move:
    """The intervention that a choice brought about; `STOP` for anything not accepted."""
    if choice is None:
        return Move.STOP
    option = observation.options[choice]
    if option.kind is not OptionKind.ACTION or not option.valid:
        return Move.STOP
    return scenario.move_of(sample, option.text)


def _episode(
    scenario: Scenario[Any, Any],
    sample: Sample,
    protocol: Protocol,
    shortest: int | None,
    turns: list[Turn],
    end: Outcome | Broken,
) -> Episode:
    if isinstance(end, Broken):
        outcome, reached, error = EpisodeOutcome.ERROR, False, end.error
    else:
        outcome = episode_outcome(end.ending, asked_before=len(turns) > 1)
        reached, error = end.reached_max_steps, None
    return Episode(
        scenario=scenario.key,
        sample=sample.id,
        cluster=sample.cluster,
        twin_of=sample.twin_of,
        answer=sample.answer,
        protocol=protocol.name,
        horizon=scenario.horizon(sample),
        shortest=shortest,
        turns=tuple(turns),
        outcome=outcome,
        reached_max_steps=reached,
        error=error,
    )
