"""The training loop: three stages, resumable, the same whether it was interrupted or not."""

import copy
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from rich.progress import Progress
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_
from transformers import FastVlmForConditionalGeneration, PreTrainedTokenizerFast

from askfirst.scenarios.option import Option, OptionKind
from tools.mini.architecture import WIDTH
from tools.mini.examples import Example, seed_of
from tools.mini.names import option_of
from tools.mini.prompts import encode, name_tokens, prompt_of, target_name
from tools.mini.stages import (
    FIRST_TRAINED_BLOCK,
    Tower,
    imagined_cells,
    naming_loss,
    reading_losses,
    recalled_features,
)

WARM_UP = 0.05  # share of a stage's steps over which the learning rate rises
CLIPPED_AT = 1.0  # norm of the gradient
LOGGED_EVERY = 20  # steps
POOLED = 4  # batches drawn at once, so that prompts of a batch are about equally long
RECALLED = 0.35  # share of the sufficient pictures that are recalled from ImageNet's classes …
RECALLING = ("IN-C", "COCO", "ROD")  # … in these scenarios


@dataclass(frozen=True, slots=True)
class Stage:
    """How long a stage lasts and how fast it learns.

    Attributes:
        name: "words", "naming" or "answering".
        steps: Number of updates.
        batch: Pictures (in "words": prompts) a step.
        rate: Peak learning rate of the language model and the projector.
        tower_rate: Peak learning rate of the tower's trained blocks.
    """

    name: str
    steps: int
    batch: int
    rate: float
    tower_rate: float = 0.0


STAGES = (
    Stage("words", 700, 32, 2e-3),
    Stage("naming", 1200, 64, 2e-3, 3e-4),
    Stage("answering", 2400, 40, 1.5e-3),
)


@dataclass(frozen=True)
class Material:
    """What the stages learn from.

    Attributes:
        examples: All training examples; their pixels are not looked at.
        maps: What the untrained blocks of the tower make of each picture.
        names: The names that pictures stand for, each once.
        recalled: Names and the ImageNet class of each.
        head, bias: ImageNet's classifier on the untrained tower's features.
    """

    examples: Sequence[Example]
    maps: Tensor
    names: Sequence[str]
    recalled: Sequence[tuple[str, int]]
    head: Tensor
    bias: Tensor


class Trainer:
    """A model in training; `run` goes on from the last checkpoint in its folder.

    With `compiled`, torch compiles the language model first (a C++ compiler is needed): a minute
    once, then half the time a step.
    """

    def __init__(
        self,
        model: FastVlmForConditionalGeneration,
        tokenizer: PreTrainedTokenizerFast,
        material: Material,
        folder: Path,
        seed: int,
        compiled: bool = False,
    ) -> None:
        self.model, self.tokenizer, self.material = model, tokenizer, material
        self.folder, self.seed = folder, seed
        tower = model.model.vision_tower
        self.eyes = Tower(tower, copy.deepcopy(tower), material.head, material.bias)
        self.words = name_tokens(tokenizer, material.names)
        self.lengths = [len(prompt_of(e.observation, False)) for e in material.examples]
        self.place = {name: i for i, name in enumerate(material.names)}
        self.probe = nn.Linear(WIDTH, 1)
        # Batch normalisation keeps ImageNet's statistics: answers must not depend on the batch.
        model.eval()
        if compiled:
            model.model.language_model.compile(dynamic=True)

    def run(
        self, stages: Sequence[Stage], minutes: float = 5.0, stop_after: int | None = None
    ) -> None:
        """Trains what is left of the stages.

        Args:
            stages: All stages, those already done included.
            minutes: Time between checkpoints.
            stop_after: Step of the stage at which to stop as if killed; None trains to the end.
        """
        done, begun = self._resume()
        for number, stage in enumerate(stages):
            if number < done:
                continue
            self._stage(number, stage, begun if number == done else 0, minutes, stop_after)
            if stop_after is not None:
                return

    def _stage(
        self, number: int, stage: Stage, begun: int, minutes: float, stop_after: int | None
    ) -> None:
        optimizer = self._optimizer(stage)
        if begun:
            optimizer.load_state_dict(torch.load(self._checkpoint())["optimizer"])
        loss_of: Callable[[int], dict[str, Tensor]] = getattr(self, f"_{stage.name}")
        self.stage = stage
        saved, started, spent = time.monotonic(), time.monotonic(), time.process_time()
        with Progress() as progress, (self.folder / "log.txt").open("a") as log:
            bar = progress.add_task(stage.name, total=stage.steps, completed=begun)
            for step in range(begun, stage.steps):
                if step == stop_after:
                    return
                for group in optimizer.param_groups:
                    group["lr"] = group["peak"] * _schedule(step / stage.steps)
                with torch.autocast("cpu", torch.bfloat16):
                    losses = loss_of(step)
                torch.stack(tuple(losses.values())).sum().backward()
                clip_grad_norm_(
                    [p for g in optimizer.param_groups for p in g["params"]], CLIPPED_AT
                )
                optimizer.step()
                optimizer.zero_grad()
                progress.update(bar, advance=1)
                if step % LOGGED_EVERY == 0:
                    shown = " ".join(f"{name} {loss.item():.3f}" for name, loss in losses.items())
                    log.write(
                        f"{stage.name} {step} {shown} {time.monotonic() - started:.0f} s "
                        f"{time.process_time() - spent:.0f} CPU s\n"
                    )
                    log.flush()
                if time.monotonic() - saved > 60 * minutes:
                    self._save(number, step + 1, optimizer)
                    saved = time.monotonic()
        self._save(number + 1, 0, optimizer)

    def _optimizer(self, stage: Stage) -> torch.optim.Optimizer:
        inner = self.model.model
        embedding = self.model.get_input_embeddings().weight
        learning = {
            "words": [*inner.language_model.parameters(), *self.probe.parameters()],
            "naming": [*inner.multi_modal_projector.parameters()],
            "answering": [
                *inner.language_model.parameters(),
                *inner.multi_modal_projector.parameters(),
                *self.probe.parameters(),
            ],
        }[stage.name]
        groups = [{"params": learning, "peak": stage.rate}]
        for parameter in self.model.parameters():
            parameter.requires_grad_(False)
        if stage.tower_rate:
            encoder = inner.vision_tower.encoder
            # The gradient of a depthwise filter's weights costs more on a CPU than all others.
            late = [
                p
                for b in encoder.blocks[FIRST_TRAINED_BLOCK:]
                for n, p in b.named_parameters()
                if "squeeze_excite" not in n and "depthwise_conv.depthwise_conv" not in n
            ]
            late += [*encoder.top_conv.parameters(), *encoder.top_bn.parameters()]
            groups.append({"params": late, "peak": stage.tower_rate})
        for group in groups:
            for parameter in group["params"]:
                parameter.requires_grad_(True)
        assert embedding.requires_grad == (stage.name != "naming")
        return torch.optim.AdamW(groups, lr=stage.rate, weight_decay=0.02, betas=(0.9, 0.98))

    def _draw(self, step: int, count: int) -> tuple[list[int], np.random.Generator]:
        rng = np.random.default_rng(seed_of(self.seed, self.stage.name, step))
        wide = min(POOLED * count, len(self.material.examples) // count * count)
        drawn = rng.choice(len(self.material.examples), wide, replace=False)
        drawn = sorted(drawn, key=lambda i: self.lengths[i])
        part = int(rng.integers(wide // count)) * count
        return [int(i) for i in drawn[part : part + count]], rng

    def _look(
        self, step: int
    ) -> tuple[list[Example], Tensor, dict[str, Tensor], np.random.Generator]:
        """Examples of a step, what the tower sees in them, and how far it has forgotten ImageNet.

        Some pictures of single things are replaced by what ImageNet's classifier would see.
        """
        places, rng = self._draw(step, self.stage.batch)
        examples = [self.material.examples[i] for i in places]
        maps = self.material.maps[places]
        with torch.set_grad_enabled(self.stage.tower_rate > 0):
            features = self.eyes.late(maps)
        losses = {}
        if self.stage.tower_rate:
            losses["forgetting"] = 0.3 * self.eyes.forgetting(features, maps)
        changed = [
            i
            for i, e in enumerate(examples)
            if e.scenario in RECALLING and e.sufficient and rng.random() < RECALLED
        ]
        if not changed or not self.material.recalled:
            return examples, features, losses, rng
        chosen = rng.integers(len(self.material.recalled), size=(len(changed), 4))
        for i, four in zip(changed, chosen, strict=True):
            examples[i] = _recalled(examples[i], [self.material.recalled[c][0] for c in four], rng)
        classes = torch.tensor([self.material.recalled[four[0]][1] for four in chosen])
        generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
        base = features[changed].detach().float()
        remembered = recalled_features(base, classes, self.material.head, generator)
        features = features.index_copy(0, torch.tensor(changed), remembered.to(features.dtype))
        return examples, features, losses, rng

    def _targets(self, examples: Sequence[Example]) -> Tensor:
        return torch.tensor(
            [self.place.get(target_name(e), -100) if e.sufficient else -100 for e in examples]
        )

    def _words(self, step: int) -> dict[str, Tensor]:
        """The language model learns to choose the option whose words are in the image tokens."""
        places, rng = self._draw(step, self.stage.batch)
        examples = [self.material.examples[i] for i in places]
        prompts = encode(self.tokenizer, examples, rng)
        words = name_tokens(self.tokenizer, [target_name(e) for e in examples])
        seen = torch.tensor([e.sufficient for e in examples])
        generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
        embedding = self.model.get_input_embeddings().weight
        cells = imagined_cells(words, seen, embedding, self._mark(), generator)
        return _guided(reading_losses(self.model, prompts, cells, self.probe, seen), 0.5)

    def _naming(self, step: int) -> dict[str, Tensor]:
        """The tower and the projector learn to turn pictures into the words for them."""
        examples, features, losses, _ = self._look(step)
        cells = self.model.model.multi_modal_projector(features)
        names = self.words @ self.model.get_input_embeddings().weight
        return {
            **losses,
            "naming": naming_loss(cells - self._mark(), names, self._targets(examples)),
            "size": 0.1
            * _size_loss(cells - self._mark(), self.model.get_input_embeddings().weight),
        }

    def _answering(self, step: int) -> dict[str, Tensor]:
        """Everything learns to answer; some pictures are recalled from ImageNet's classes."""
        examples, features, kept, rng = self._look(step)
        cells = self.model.model.multi_modal_projector(features)
        names = self.words @ self.model.get_input_embeddings().weight
        prompts = encode(self.tokenizer, examples, rng)
        seen = torch.tensor([e.sufficient for e in examples])
        losses = reading_losses(self.model, prompts, cells, self.probe, seen)
        return {
            **kept,
            **_guided(losses, 0.2),
            "naming": 0.2 * naming_loss(cells - self._mark(), names, self._targets(examples)),
        }

    def _mark(self) -> Tensor:
        return self.model.model.multi_modal_projector.linear_2.bias

    def _checkpoint(self) -> Path:
        return self.folder / "state.pt"

    def _resume(self) -> tuple[int, int]:
        if not self._checkpoint().exists():
            return 0, 0
        state = torch.load(self._checkpoint())
        self.model.load_state_dict(state["model"])
        self.probe.load_state_dict(state["probe"])
        return int(state["stage"]), int(state["step"])

    def _save(self, stage: int, step: int, optimizer: torch.optim.Optimizer) -> None:
        part = self._checkpoint().with_suffix(".part")
        state = {
            "stage": stage,
            "step": step,
            "model": self.model.state_dict(),
            "probe": self.probe.state_dict(),
        }
        torch.save({**state, "optimizer": optimizer.state_dict()}, part)
        part.replace(self._checkpoint())


def _recalled(example: Example, names: Sequence[str], rng: np.random.Generator) -> Example:
    """An example whose categories are some names instead, the first of them right."""
    options = [o for o in example.observation.options if o.kind is not OptionKind.CATEGORY]
    fresh = [option_of(name) for name in dict.fromkeys(names)]
    options += [Option(fresh[i], OptionKind.CATEGORY, i == 0) for i in rng.permutation(len(fresh))]
    observation = replace(example.observation, options=tuple(options))
    return replace(example, observation=observation, name=names[0])


def _size_loss(cells: Tensor, embedding: Tensor) -> Tensor:
    """How far image tokens are from the size of words."""
    return (cells.float().norm(dim=-1) / embedding.norm(dim=-1).mean().detach() - 1).pow(2).mean()


def _guided(losses: dict[str, Tensor], weight: float) -> dict[str, Tensor]:
    """The losses of reading, the guides among them weighted."""
    return {n: loss if n == "reading" else weight * loss for n, loss in losses.items()}


def _schedule(done: float) -> float:
    """Share of the peak learning rate after a share of the steps: a rise, then a cosine."""
    return min(done / WARM_UP, 0.5 * (1 + math.cos(math.pi * done))) + 1e-3
