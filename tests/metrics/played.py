"""Episodes to measure: played over the tiny suite by the baselines, or written down by hand."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from askfirst.protocol.baseline import POLICIES
from askfirst.protocol.episode import Episode, EpisodeOutcome, Turn
from askfirst.protocol.labels import unique_labels
from askfirst.protocol.play import Reply, play
from askfirst.protocol.protocol import ASKFIRST_V1
from askfirst.protocol.reading import Reading, ReadingStatus
from askfirst.scenarios import answerable_twin, scenario
from askfirst.scenarios.move import Move
from askfirst.scenarios.option import Option, OptionKind
from askfirst.scenarios.picture import Picture
from tests.tiny_suite import records

OPTIONS = (
    Option("Add more details.", OptionKind.ACTION, True),
    Option("Fly.", OptionKind.ACTION, False),
    Option("I cannot tell.", OptionKind.ABSTAIN, False),
    Option("Apple.", OptionKind.CATEGORY, True),
    Option("Boat.", OptionKind.CATEGORY, False),
)
CHOICES = {"ask": 0, "bad-ask": 1, "abstain": 2, "right": 3, "wrong": 4, "unread": None}
ENDS = {
    "bad-ask": "invalid_action",
    "abstain": "abstained",
    "unread": "unparsed",
    "ask": "exhausted",
}


def baseline_episodes(
    name: str, keys: Sequence[str] = tuple(records()), copies: int = 2
) -> dict[str, list[Episode]]:
    """What a baseline makes of the tiny suite and its twins, by scenario; `copies` of each."""
    rng = random.Random(0)
    groups: dict[str, list[Episode]] = {}
    for key in keys:
        rules, rows = scenario(key), records()[key]
        groups[key] = []
        for copy in range(copies):
            for row in rows:
                changed: dict[str, Any] = {"id": row["id"] + 10 * copy, "cluster": f"scene-{copy}"}
                sample = rules.read(row | changed)
                twin = answerable_twin(rules, sample)
                assert twin is not None
                groups[key] += [_play(key, one, name, rng) for one in (sample, twin)]
    return groups


def _play(key: str, sample: Any, name: str, rng: random.Random) -> Episode:
    playing = play(scenario(key), sample, ASKFIRST_V1)
    request = next(playing)
    while True:
        options = request.observation.options
        index = POLICIES[name](options, request.advice, rng)
        label = unique_labels(len(options))[index]
        try:
            request = playing.send(Reply(f"{label}. {options[index].text}"))
        except StopIteration as end:
            finished: Episode = end.value
            return finished


def episode(
    *choices: str,
    sufficient: Sequence[bool | None] | None = None,
    evidence: Sequence[float | None] | None = None,
    other: Sequence[str] | None = None,
    sample: int = 1,
    cluster: str = "",
    twin_of: int | None = None,
    shortest: int | None = None,
    outcome: str | None = None,
    horizon: int = 9,
) -> Episode:
    """An episode in which the model chose this, turn by turn, and the rules took their course.

    Args:
        choices: Keys of `CHOICES`, or `error` as the last one.
        sufficient, evidence: What is known of each state; nothing by default.
        other: What the other parser read; the same by default.
        outcome: Instead of the one that follows from the choices.
    """
    failed = choices[-1] == "error"
    made = choices[:-1] if failed else choices
    turns = tuple(
        _turn(
            CHOICES[choice],
            CHOICES[(other or made)[i]],
            sufficient[i] if sufficient else None,
            evidence[i] if evidence else None,
        )
        for i, choice in enumerate(made)
    )
    return Episode(
        scenario="QD",
        sample=sample,
        cluster=cluster or str(sample),
        twin_of=twin_of,
        answer="Apple.",
        protocol="askfirst-v1",
        horizon=horizon,
        shortest=shortest,
        turns=turns,
        outcome=EpisodeOutcome(outcome or _outcome(choices)),
        reached_max_steps=len(turns) >= horizon,
        error="broken" if failed else None,
    )


def numbered(episodes: Sequence[Episode]) -> list[Episode]:
    """The same episodes as different samples of different clusters."""
    return [replace(e, sample=i, cluster=str(i)) for i, e in enumerate(episodes, start=100)]


def _outcome(choices: Sequence[str]) -> str:
    last, when = choices[-1], "after_asking" if len(choices) > 1 else "now"
    if last == "error":
        return "error"
    kinds = {"right": f"correct_{when}", "wrong": f"wrong_{when}"}
    return kinds.get(last) or ENDS[last]


def _turn(
    choice: int | None, other: int | None, sufficient: bool | None, evidence: float | None
) -> Turn:
    return Turn(
        picture=Picture("x.webp", None),
        image_sha256=None,
        prompt="What is in the image?",
        options=OPTIONS,
        evidence=evidence,
        sufficient=sufficient,
        reply="…",
        readings={"official": _reading("official", other), "robust-v1": _reading("r", choice)},
        choice=choice,
        move=Move.DETAILS if choice == 0 else Move.STOP,
    )


def _reading(parser: str, index: int | None) -> Reading:
    kind = None if index is None else OPTIONS[index].kind
    status = ReadingStatus.NONE if index is None else ReadingStatus.OK
    return Reading(parser, status, index, kind, None, None)
