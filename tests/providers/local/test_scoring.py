"""Log-probabilities of options, and LoRA adapters that change them."""

import copy
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file

from askfirst.errors import RunError
from askfirst.providers.local.job import Answer
from askfirst.providers.local.loader import LoadedModel, load
from askfirst.providers.local.pictures import Opened
from askfirst.providers.local.rehearsal import plain_logprobs, rehearse
from askfirst.providers.local.scoring import reply_tokens, score
from askfirst.providers.local.settings import local_settings


def scored(loaded: LoadedModel, batch: Sequence[Opened]) -> list[Answer]:
    return score(loaded, [one.job for one in batch], [one.images for one in batch])


def test_the_shared_prefix_changes_nothing(
    loaded: LoadedModel, questions: Sequence[Opened]
) -> None:
    batch = questions[::3]
    lengths = {one.length for one in batch}
    assert len(lengths) > 3, "so that shorter prompts are padded"
    for one, answer in zip(batch, scored(loaded, batch), strict=True):
        plain = plain_logprobs(loaded, one.job, one.images)
        assert answer.option_logprobs == pytest.approx(plain, abs=1e-3)
        assert answer.text == one.job.options[plain.index(max(plain))]


def test_an_oracle_of_its_own_agrees(loaded: LoadedModel, questions: Sequence[Opened]) -> None:
    """Token by token, from the whole text of an answered conversation."""
    one = questions[0]
    option = one.job.options[0]
    text = f"<user><image>{one.job.lines[0].text}<end><assistant>{option}<end>"
    inputs = loaded.processor(text=[text], images=[list(one.images)], return_tensors="pt")
    with torch.inference_mode():
        logprobs = loaded.model(**inputs).logits[0].log_softmax(-1)
    ids = inputs["input_ids"][0].tolist()
    count = len(loaded.processor.tokenizer(f"{option}<end>")["input_ids"])
    assert reply_tokens(loaded, one.job)[0] == ids[-count:]
    total = sum(
        logprobs[place - 1, ids[place]].item() for place in range(len(ids) - count, len(ids))
    )
    (answer,) = scored(loaded, [one])
    assert answer.option_logprobs is not None
    assert answer.option_logprobs[0] == pytest.approx(total, abs=1e-3)


def test_log_probabilities_are_sums_not_means(
    loaded: LoadedModel, questions: Sequence[Opened]
) -> None:
    job = replace(questions[0].job, options=("Boat.", "Boat. " * 20), labels=("A", "B"))
    (answer,) = score(loaded, [job], [questions[0].images])
    assert answer.option_logprobs is not None
    short, long = answer.option_logprobs
    assert long < 4 * short < 0
    assert answer.text == "Boat."


def test_log_probabilities_that_are_no_numbers_choose_nothing(
    loaded: LoadedModel, questions: Sequence[Opened]
) -> None:
    overflown = copy.deepcopy(loaded.model)
    with torch.no_grad():
        overflown.lm_head.weight.fill_(torch.inf)
    with pytest.raises(RunError, match=r"no numbers.*float32"):
        scored(replace(loaded, model=overflown), questions[:2])


def test_a_model_that_numbers_positions_otherwise_is_refused(loaded: LoadedModel) -> None:
    """It goes by the length of what it is given, as if nothing had been read before."""
    scoring = replace(loaded, settings=replace(loaded.settings, mode="logprobs"))
    rehearse(scoring)
    stubborn = copy.deepcopy(loaded.model)

    def renumber(module: object, positional: object, given: dict[str, torch.Tensor]) -> object:
        width = given["input_ids"].shape[1]
        return positional, {**given, "position_ids": 7 * torch.arange(width)[None] + 30}

    stubborn.register_forward_pre_hook(renumber, with_kwargs=True)
    with torch.no_grad():  # random weights hardly mind where a word stands
        for name, weights in stubborn.named_parameters():
            if "q_proj" in name or "k_proj" in name or "lm_head" in name:
                weights.mul_(30)
    with pytest.raises(RunError, match="the mode logprobs is wrong for"):
        rehearse(replace(scoring, model=stubborn))


def test_an_adapter_adds_its_weights(
    tiny_model: Path, loaded: LoadedModel, questions: Sequence[Opened], tmp_path: Path
) -> None:
    targets = LoraConfig(r=4, lora_alpha=16, target_modules=["q_proj", "v_proj"])
    adapted = get_peft_model(copy.deepcopy(loaded.model), targets)
    with torch.no_grad():
        for name, weights in adapted.named_parameters():
            if "lora_B" in name:
                weights.normal_(std=0.3, generator=torch.Generator().manual_seed(1))
    adapted.save_pretrained(tmp_path / "adapter")
    with_adapter = load(local_settings(str(tiny_model), {"adapter": tmp_path / "adapter"}), "cpu")
    by_hand = replace(loaded, model=adapted.merge_and_unload())
    batch = questions[:4]
    base, merged, ours = (scored(model, batch) for model in (loaded, by_hand, with_adapter))
    for plain, wanted, found in zip(base, merged, ours, strict=True):
        assert found.option_logprobs == pytest.approx(wanted.option_logprobs, abs=1e-4)
        assert found.option_logprobs != pytest.approx(plain.option_logprobs, abs=1e-2)


def test_an_adapter_that_is_not_there_is_said(tiny_model: Path, tmp_path: Path) -> None:
    save_file({"x": torch.zeros(1)}, tmp_path / "adapter_model.safetensors")
    with pytest.raises(RunError, match="the model cannot be loaded"):
        load(local_settings(str(tiny_model), {"adapter": str(tmp_path)}), "cpu")
