"""How the model plays the test split.

Twins (pictures that suffice) tell how often it is right; first pictures of insufficient samples
tell whether it asks, abstains or guesses. Nothing here chooses a checkpoint.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image

from askfirst.protocol.play import Request, play, read_reply
from askfirst.protocol.protocol import Protocol, protocol
from askfirst.providers.local.job import Job, Line, Writing
from askfirst.providers.local.loader import load
from askfirst.providers.local.scoring import score
from askfirst.providers.local.settings import local_settings
from askfirst.providers.local.writing import write
from askfirst.scenarios.option import OptionKind
from askfirst.scenarios.registry import scenario
from askfirst.suites import load_suite, open_picture, select, with_twins
from askfirst.suites.suite import Suite

BATCH = 16
PROTOCOL = "askfirst-v1"
LONGEST_REPLY = 24  # tokens


@dataclass(frozen=True, slots=True)
class FirstTurn:
    """One first turn.

    Attributes:
        scenario, cluster: Of the sample.
        twin: Whether the picture suffices.
        kind: What was chosen: "action", "abstain", "category", or "" for an unreadable reply.
        right: Whether the right category was chosen.
        asking: Probability of all suggestions together, by summed log-probability.
    """

    scenario: str
    cluster: str
    twin: bool
    kind: str
    right: bool
    asking: float


class Player:
    """A model folder, loaded and asked as `local/…` does it, in this process."""

    def __init__(self, folder: Path) -> None:
        self.loaded = load(local_settings(str(folder), {}), "cpu")

    def replies(self, requests: Sequence[Request], pictures: Sequence[Image.Image]) -> list[str]:
        """Greedy replies to requests of one picture each."""
        answers = write(self.loaded, [_job(r) for r in requests], [[p] for p in pictures])
        return [answer.text for answer in answers]

    def option_log_probabilities(self, request: Request, picture: Image.Image) -> Sequence[float]:
        """Summed log-probability of every option's tokens, the end of the reply included."""
        (answer,) = score(self.loaded, [_job(request)], [[picture]])
        assert answer.option_logprobs is not None
        return answer.option_logprobs


def _job(request: Request) -> Job:
    options = tuple(option.text for option in request.observation.options)
    line = Line("user", request.messages[-1].text, ("shown",))
    return Job(0, (line,), Writing(LONGEST_REPLY), tuple(request.labels), options)


def first_turns(
    player: Player,
    suite_name: str = "studio",
    black: bool = False,
    limit: int | None = None,
    keys: Sequence[str] = (),
) -> list[FirstTurn]:
    """The first turn of every sample of a suite and of its twin.

    Args:
        black: Show twins only, as black pictures, to see what the text alone tells.
        limit: Most samples a scenario.
        keys: Scenarios; none means all.
    """
    suite, rules = load_suite(suite_name), protocol(PROTOCOL)
    asked = [
        (key, sample, next(play(scenario(key), sample, rules)))
        for key, samples in with_twins(select(suite, keys, limit)).items()
        for sample in samples
        if not black or sample.twin_of is not None
    ]
    turns = []
    for begin in range(0, len(asked), BATCH):
        part = asked[begin : begin + BATCH]
        requests = [request for _, _, request in part]
        pictures = [_picture(suite, request, black) for request in requests]
        replies = player.replies(requests, pictures)
        for (key, sample, request), picture, reply in zip(part, pictures, replies, strict=True):
            twin = sample.twin_of is not None
            asking = 0.0 if twin or black else _asking(player, request, picture)
            turns.append(_turn(key, sample.cluster, twin, request, reply, rules, asking))
    return turns


def _picture(suite: Suite, request: Request, black: bool) -> Image.Image:
    image = open_picture(suite, request.observation.picture)
    return Image.new("RGB", image.size) if black else image


def _asking(player: Player, request: Request, picture: Image.Image) -> float:
    logs = torch.tensor(player.option_log_probabilities(request, picture))
    actions = [o.kind is OptionKind.ACTION for o in request.observation.options]
    return float(logs.softmax(0)[torch.tensor(actions)].sum())


def _turn(
    key: str, cluster: str, twin: bool, request: Request, reply: str, rules: Protocol, asking: float
) -> FirstTurn:
    observation = request.observation
    choice = read_reply(reply, observation, rules)[rules.parser].index
    if choice is None:
        return FirstTurn(key, cluster, twin, "", False, asking)
    option = observation.options[choice]
    right = option.kind is OptionKind.CATEGORY and option.valid
    return FirstTurn(key, cluster, twin, option.kind.value, right, asking)


def of_scenario(turns: Sequence[FirstTurn], twin: bool) -> Iterator[tuple[str, list[FirstTurn]]]:
    """The turns of each scenario, those on twins or those on first pictures."""
    for key in dict.fromkeys(turn.scenario for turn in turns):
        yield key, [turn for turn in turns if turn.scenario == key and turn.twin == twin]
