"""Episodes as values: every turn with its picture, options, reply and both readings.

The JSON form (`to_json`, `from_json`) is the line format of `episodes.jsonl`; `docs/episodes.md`
describes it. Whoever changes it changes `SCHEMA`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from askfirst.errors import AskFirstError
from askfirst.protocol.official_parser import Evaluation, OfficialReading
from askfirst.protocol.reading import Reading, ReadingStatus
from askfirst.scenarios.move import Move
from askfirst.scenarios.observation import Ending
from askfirst.scenarios.option import Option, OptionKind
from askfirst.scenarios.picture import Crop, Picture, Resize, View

SCHEMA = "askfirst-episode-2"

READABLE = ("askfirst-episode-1", SCHEMA)
"""Schemas that `from_json` reads; version 1 had no `option_logprobs` and no `note`."""

PLAIN_FIELDS = (
    "model",
    "suite",
    "protocol",
    "seed",
    "scenario",
    "sample",
    "cluster",
    "twin_of",
    "answer",
    "horizon",
    "shortest",
    "reached_max_steps",
    "error",
)
"""Fields of an episode that are the same in Python and in JSON."""


class EpisodeOutcome(StrEnum):
    """How an episode went: exactly one of these."""

    CORRECT_NOW = "correct_now"
    CORRECT_AFTER_ASKING = "correct_after_asking"
    WRONG_NOW = "wrong_now"
    WRONG_AFTER_ASKING = "wrong_after_asking"
    ABSTAINED = "abstained"
    INVALID_ACTION = "invalid_action"
    EXHAUSTED = "exhausted"
    UNPARSED = "unparsed"
    ERROR = "error"


RIGHT = (EpisodeOutcome.CORRECT_NOW, EpisodeOutcome.CORRECT_AFTER_ASKING)
"""The outcomes of episodes that ended in the correct category."""


def episode_outcome(ending: Ending, asked_before: bool) -> EpisodeOutcome:
    """The outcome of an ending, given whether an earlier turn asked."""
    match ending:
        case Ending.CORRECT:
            after, now = EpisodeOutcome.CORRECT_AFTER_ASKING, EpisodeOutcome.CORRECT_NOW
            return after if asked_before else now
        case Ending.WRONG_CATEGORY:
            after, now = EpisodeOutcome.WRONG_AFTER_ASKING, EpisodeOutcome.WRONG_NOW
            return after if asked_before else now
        case Ending.UNREADABLE:
            return EpisodeOutcome.UNPARSED
        case Ending.ABSTAINED | Ending.INVALID_ACTION | Ending.EXHAUSTED:
            return EpisodeOutcome(ending.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One exchange.

    Attributes:
        picture: What was shown, by reference.
        image_sha256: Hex digest of the bytes that were sent, or of the file that a local model
            opened; None if nothing was.
        prompt: The question as put, with context and hint.
        options: What could be chosen.
        evidence: Share in [0, 1] of what matters that the picture shows; None if unknown.
        sufficient: Whether a person could answer from the picture; None if unknown.
        reply: What the model wrote.
        readings: What each parser made of it, by parser name.
        choice: Index of the option that moved the episode; None for an unreadable reply.
        move: The accepted intervention; `STOP` where the reply ended the episode.
        option_logprobs: Log-probability of each option as the reply, in nats; None where the
            provider was not asked for it.
        note: What the provider did to the request, such as scaling up a tiny picture; else None.
    """

    picture: Picture
    image_sha256: str | None
    prompt: str
    options: tuple[Option, ...]
    evidence: float | None
    sufficient: bool | None
    reply: str
    readings: Mapping[str, Reading]
    choice: int | None
    move: Move
    option_logprobs: tuple[float, ...] | None = None
    note: str | None = None

    @property
    def asked(self) -> bool:
        """Whether the reply chose a suggestion, accepted or not."""
        return self.choice is not None and self.options[self.choice].kind is OptionKind.ACTION


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A finished episode.

    Attributes:
        scenario: Key of the scenario.
        sample: Id of the sample within its scenario.
        cluster: What samples share that makes them dependent.
        twin_of: Id of the insufficient sample whose answerable twin was played.
        answer: The correct category.
        protocol: Name of the protocol.
        horizon: Number of turns that were allowed.
        shortest: Fewest suggestions after which the question can be answered; None if unknown.
        turns: All turns, in order. In an episode that an error ended, those before it.
        outcome: How it went.
        reached_max_steps: Whether the last turn was the last one allowed.
        error: What broke, in an episode whose outcome is `error`.
        model, suite: Names, filled in by whoever ran it.
        seed: Seed of the run.
    """

    scenario: str
    sample: int
    cluster: str
    twin_of: int | None
    answer: str
    protocol: str
    horizon: int
    shortest: int | None
    turns: tuple[Turn, ...]
    outcome: EpisodeOutcome
    reached_max_steps: bool
    error: str | None = None
    model: str = ""
    suite: str = ""
    seed: int = 0

    @property
    def key(self) -> tuple[str, str, int]:
        """What tells episodes of one run apart: model, scenario, sample."""
        return self.model, self.scenario, self.sample

    @property
    def num_turns(self) -> int:
        """Number of turns played."""
        return len(self.turns)

    @property
    def failed(self) -> bool:
        """Whether an error of the model, the network or the machine ended it."""
        return self.outcome is EpisodeOutcome.ERROR

    @property
    def correct(self) -> bool:
        """Whether the correct category was named."""
        return self.outcome in RIGHT


def view_to_json(view: View) -> dict[str, Any] | None:
    """A view as JSON: null, {"crop": [left, top, right, bottom]} or {"short_edge": pixels}."""
    if isinstance(view, Crop):
        return {"crop": list(view.box)}
    return {"short_edge": view.short_edge} if isinstance(view, Resize) else None


def _view_from_json(view: Mapping[str, Any] | None) -> View:
    if view is None:
        return None
    return Crop(*view["crop"]) if "crop" in view else Resize(view["short_edge"])


def _reading_from_json(record: Mapping[str, Any]) -> Reading:
    values = dict(record)
    values["status"] = ReadingStatus(values["status"])
    values["kind"] = OptionKind(values["kind"]) if values["kind"] is not None else None
    values["span"] = tuple(values["span"]) if values["span"] is not None else None
    if "action_evaluation" not in values:
        return Reading(**values)
    for name in ("action_evaluation", "category_evaluation"):
        values[name] = Evaluation(values[name])
    return OfficialReading(**values)


def _reading_to_json(reading: Reading) -> dict[str, Any]:
    # Flat and of plain values, so there is nothing for `asdict` to copy.
    return {field.name: getattr(reading, field.name) for field in fields(reading)}


def _turn_to_json(turn: Turn) -> dict[str, Any]:
    return {
        "image": {
            "path": turn.picture.path,
            "view": view_to_json(turn.picture.view),
            "sha256": turn.image_sha256,
        },
        "prompt": turn.prompt,
        "options": [
            {"text": option.text, "kind": option.kind.value, "valid": option.valid}
            for option in turn.options
        ],
        "evidence": turn.evidence,
        "sufficient": turn.sufficient,
        "reply": turn.reply,
        "readings": {
            str(name): _reading_to_json(reading) for name, reading in turn.readings.items()
        },
        "choice": turn.choice,
        "move": turn.move.value,
        "option_logprobs": turn.option_logprobs,
        "note": turn.note,
    }


def _turn_from_json(turn: Mapping[str, Any]) -> Turn:
    image = turn["image"]
    logprobs = turn.get("option_logprobs")
    return Turn(
        picture=Picture(image["path"], _view_from_json(image["view"])),
        image_sha256=image["sha256"],
        prompt=turn["prompt"],
        options=tuple(
            Option(option["text"], OptionKind(option["kind"]), option["valid"])
            for option in turn["options"]
        ),
        evidence=turn["evidence"],
        sufficient=turn["sufficient"],
        reply=turn["reply"],
        readings={name: _reading_from_json(reading) for name, reading in turn["readings"].items()},
        choice=turn["choice"],
        move=Move(turn["move"]),
        option_logprobs=None if logprobs is None else tuple(logprobs),
        note=turn.get("note"),
    )


def to_json(episode: Episode) -> dict[str, Any]:
    """An episode as one JSON object of `episodes.jsonl`."""
    return {
        "schema": SCHEMA,
        **{name: getattr(episode, name) for name in PLAIN_FIELDS},
        "outcome": episode.outcome.value,
        "num_turns": episode.num_turns,
        "turns": [_turn_to_json(turn) for turn in episode.turns],
    }


def from_json(record: Mapping[str, Any]) -> Episode:
    """Read one JSON object of `episodes.jsonl`.

    Raises:
        AskFirstError: It was written under another schema, or a field is missing or wrong.
    """
    if record.get("schema") not in READABLE:
        raise AskFirstError(
            f"episode of schema {record.get('schema')!r}; this version reads {', '.join(READABLE)}"
        )
    try:
        return Episode(
            **{name: record[name] for name in PLAIN_FIELDS},
            outcome=EpisodeOutcome(record["outcome"]),
            turns=tuple(_turn_from_json(turn) for turn in record["turns"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise AskFirstError(f"not a readable episode: {error!r}") from error
