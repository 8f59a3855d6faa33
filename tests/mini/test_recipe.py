"""The recipe in small: composing, training, stopping and going on."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import AutoProcessor, PreTrainedTokenizerFast

from askfirst.scenarios.option import OptionKind
from tools.mini import architecture
from tools.mini.evaluation import Player
from tools.mini.examples import SCENARIOS, Example, Shelf, composed
from tools.mini.maps import load_maps, make_maps
from tools.mini.names import suite_texts
from tools.mini.pictures import Thing
from tools.mini.prompts import encode, name_tokens, target_name
from tools.mini.saving import save
from tools.mini.tokenizer import train_tokenizer
from tools.mini.training import Material, Stage, Trainer
from tools.studio.in_c import KINDS

TINY = (
    Stage("words", 3, 4, 1e-3),
    Stage("naming", 2, 4, 1e-3, 1e-4),
    Stage("answering", 2, 4, 1e-3),
)
NAMES = ("banana", "cat", "dog", "drum", "cactus", "sofa", "lemon", "horse", "frog", "orchid")


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return train_tokenizer(suite_texts())


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    rng = np.random.default_rng(0)
    things = []
    for i, name in enumerate(NAMES):
        pixels = rng.integers(0, 256, (40, 30, 4), dtype=np.uint8)
        corners = rng.uniform(0, 255, (5, 2))
        things += [
            Thing(name, "emoji", f"e{i}", pixels),
            Thing(name, "object", f"o{i}", pixels),
            Thing(name, "photo", f"p{i}", pixels[..., :3]),
            Thing(name, "drawing", f"d{i}", None, (corners, corners[::-1] * 0.5)),
        ]
    return Shelf.of(things, [Image.new("RGB", (200, 150), (90, 120, 150))])


@pytest.fixture(scope="module")
def examples(shelf: Shelf) -> list[Example]:
    rng = np.random.default_rng(1)
    return [composed(key, shelf, rng) for key in SCENARIOS for _ in range(4)]


def untrained(tokenizer: PreTrainedTokenizerFast) -> architecture.FastVlmForConditionalGeneration:
    torch.manual_seed(0)
    return architecture.build(tokenizer)


@pytest.fixture(scope="module")
def material(
    examples: list[Example],
    tokenizer: PreTrainedTokenizerFast,
    tmp_path_factory: pytest.TempPathFactory,
) -> Material:
    shard = tmp_path_factory.mktemp("shards") / "0000.npz"
    tower = untrained(tokenizer).model.vision_tower.eval()
    maps = load_maps([make_maps(shard, examples, tower)])
    names = sorted({target_name(example) for example in examples})
    generator = torch.Generator().manual_seed(0)
    head = torch.randn(7, architecture.FEATURES, generator=generator) / 30
    recalled = (("cat", 1), ("dog", 2), ("drum", 3), ("sofa", 4))
    return Material(examples, maps, names, recalled, head, torch.zeros(7))


@pytest.mark.parametrize("key", SCENARIOS)
def test_an_example_has_one_right_answer_among_four(key: str, shelf: Shelf) -> None:
    rng = np.random.default_rng(2)
    for _ in range(6):
        example = composed(key, shelf, rng)
        categories = [o for o in example.observation.options if o.kind is OptionKind.CATEGORY]
        assert [o.valid for o in categories].count(True) == 1
        assert len({o.text for o in categories}) == len(categories) == 4
        assert example.pixels.shape == (architecture.IMAGE_SIZE,) * 2 + (3,)


def test_corruptions_of_every_kind_can_be_composed(shelf: Shelf) -> None:
    rng = np.random.default_rng(3)
    made = [composed("IN-C", shelf, rng) for _ in range(3 * len(KINDS))]
    assert {True, False} == {example.sufficient for example in made}


def test_replies_stand_where_the_sources_say(
    examples: list[Example], tokenizer: PreTrainedTokenizerFast
) -> None:
    prompts = encode(tokenizer, examples, np.random.default_rng(4))
    places = prompts.sources >= 0
    repeated = torch.gather(prompts.ids, 1, prompts.sources.clamp_min(0))
    assert torch.equal(repeated[places], prompts.ids[places])
    assert (prompts.ids[:, :].eq(tokenizer.eos_token_id).sum(1) == 1).all()


def test_an_image_takes_as_many_tokens_as_the_tower_has_cells(
    examples: list[Example], tokenizer: PreTrainedTokenizerFast
) -> None:
    prompts = encode(tokenizer, examples[:2], np.random.default_rng(5))
    image = tokenizer.convert_tokens_to_ids("<image>")
    assert (prompts.ids.eq(image).sum(1) == architecture.IMAGE_TOKENS).all()


def test_words_of_a_name_weigh_one_together(tokenizer: PreTrainedTokenizerFast) -> None:
    weights = name_tokens(tokenizer, ["fire extinguisher", "cat"])
    assert weights.sum(1).tolist() == pytest.approx([1.0, 1.0])


def test_stopped_training_goes_on_to_the_same_weights(
    material: Material, tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = Trainer(untrained(tokenizer), tokenizer, material, tmp_path / "whole", 0)
    whole.run(TINY)
    for begun in (1, 2):
        part = Trainer(untrained(tokenizer), tokenizer, material, tmp_path / "parts", 0)
        part.run(TINY, minutes=0, stop_after=begun)
    last = Trainer(untrained(tokenizer), tokenizer, material, tmp_path / "parts", 0)
    last.run(TINY)
    wanted, got = whole.model.state_dict(), last.model.state_dict()
    assert all(torch.equal(wanted[name], got[name]) for name in wanted)


def test_a_saved_model_is_the_one_that_was_trained(
    tokenizer: PreTrainedTokenizerFast, tmp_path: Path
) -> None:
    trained = untrained(tokenizer)
    save(trained, tokenizer, tmp_path / "model")
    found = Player(tmp_path / "model").loaded.model.state_dict()
    for name, weight in trained.state_dict().items():
        assert torch.equal(found[name], weight.bfloat16().to(weight.dtype).float()), name
    assert AutoProcessor.from_pretrained(tmp_path / "model").tokenizer.padding_side == "left"
    assert not (tmp_path / "model.draft").exists()
