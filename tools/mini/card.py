"""The model card: every number in it comes from the files of a finished recipe."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from safetensors import safe_open

from askfirst.metrics.intervals import wilson
from tools.mini.evaluation import PROTOCOL, FirstTurn, of_scenario
from tools.mini.leaks import objects_of, rooms_models
from tools.mini.prompts import ABSTAINS, ASKS
from tools.mini.sources import ARCHIVES
from tools.mini.training import STAGES

TEXT = Path(__file__).with_name("card.md")


def write_card(folder: Path, work: Path) -> None:
    """Writes `README.md` beside a checkpoint.

    Args:
        folder: The checkpoint.
        work: Where the recipe left `evaluation.json` and `seconds.json`.
    """
    result = json.loads((work / "evaluation.json").read_text("utf-8"))
    turns = [FirstTurn(**turn) for turn in result["turns"]]
    black = [FirstTurn(**turn) for turn in result["black"]]
    slots = {
        "protocol": PROTOCOL,
        "parameters": f"{_parameters(folder / 'model.safetensors') / 1e6:.2f}",
        "megabytes": f"{(folder / 'model.safetensors').stat().st_size / 1e6:.1f}",
        "accuracy": "\n".join(_accuracy(turns, black)),
        "firsts": "\n".join(_firsts(turns)),
        "sources": "\n".join(_sources()),
        "stages": "\n".join(_stages()),
        "seconds": "\n".join(_seconds(json.loads((work / "seconds.json").read_text("utf-8")))),
        "shared": str(len(rooms_models("train") & rooms_models("test"))),
        "objects": str(len(objects_of("train") & rooms_models("test"))),
        "asks": f"{ASKS:.0%}",
        "abstains": f"{ABSTAINS:.0%}",
    }
    text = TEXT.read_text("utf-8")
    for name, value in slots.items():
        text = text.replace(f"[[{name}]]", value)
    (folder / "README.md").write_text(text, encoding="utf-8")


def _parameters(weights: Path) -> int:
    """Number of weights; running statistics of batch normalisation count as well."""
    with safe_open(weights, "pt") as content:
        names = content.keys()
        return sum(_size(content.get_slice(name).get_shape()) for name in names)


def _size(shape: Sequence[int]) -> int:
    product = 1
    for length in shape:
        product *= length
    return product


def _accuracy(turns: Sequence[FirstTurn], black: Sequence[FirstTurn]) -> Iterator[str]:
    names = (
        "twins",
        "right",
        "95 % interval",
        "asks",
        "abstains",
        "unreadable",
        "right, black picture",
    )
    yield _header("scenario", *names)
    blind = dict(of_scenario(black, twin=True))
    for key, group in of_scenario(turns, twin=True):
        low, high = wilson(sum(t.right for t in group), len(group))
        dark = _share(t.right for t in blind[key])
        yield (
            f"| {key} | {len(group)} | {_share(t.right for t in group)} | {low:.0%}–{high:.0%} | "
            f"{_kinds(group)} | {dark} |"
        )


def _firsts(turns: Sequence[FirstTurn]) -> Iterator[str]:
    names = "pictures", "guesses", "of them right", "asks", "abstains", "unreadable"
    yield _header("scenario", *names, "mean probability of asking")
    for key, group in of_scenario(turns, twin=False):
        guesses = [t for t in group if t.kind == "category"]
        asking = sum(t.asking for t in group) / len(group)
        yield (
            f"| {key} | {len(group)} | {_share(t.kind == 'category' for t in group)} | "
            f"{_share(t.right for t in guesses)} | {_kinds(group)} | {asking:.1%} |"
        )


def _header(first: str, *others: str) -> str:
    return f"| {first} | {' | '.join(others)} |\n|---|{'--:|' * len(others)}"


def _kinds(group: Sequence[FirstTurn]) -> str:
    return " | ".join(_share(t.kind == kind for t in group) for kind in ("action", "abstain", ""))


def _share(flags: Any) -> str:
    known = list(flags)
    return f"{sum(known) / len(known):.0%}" if known else "–"


def _sources() -> Iterator[str]:
    yield "| package | version | licence | by | used for |"
    yield "|---|---|---|---|---|"
    for a in ARCHIVES:
        yield f"| {a.kind} `{a.name}` | {a.version} | {a.license} | {a.author} | {a.use} |"


def _stages() -> Iterator[str]:
    yield "| stage | steps | batch | peak learning rate | of the tower |"
    yield "|---|--:|--:|--:|--:|"
    for s in STAGES:
        yield f"| {s.name} | {s.steps} | {s.batch} | {s.rate:g} | {s.tower_rate:g} |"


def _seconds(seconds: dict[str, float]) -> Iterator[str]:
    yield "| step of the recipe | CPU minutes |"
    yield "|---|--:|"
    for name, spent in seconds.items():
        yield f"| {name} | {spent / 60:.1f} |"
