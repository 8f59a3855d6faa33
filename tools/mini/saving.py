"""The checkpoint as the package ships it: bfloat16, with processor and chat template."""

import copy
import shutil
from pathlib import Path

import torch
from transformers import FastVlmForConditionalGeneration, PreTrainedTokenizerFast

from tools.mini.tokenizer import processor

LARGEST = 16_000_000  # bytes of weights that may ship


def save(
    model: FastVlmForConditionalGeneration, tokenizer: PreTrainedTokenizerFast, folder: Path
) -> None:
    """Writes model and processor beside `folder` first, then file by file into it.

    Raises:
        ValueError: The weights are larger than may ship.
    """
    draft = folder.with_name(f"{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    copy.deepcopy(model).to(torch.bfloat16).save_pretrained(draft)
    processor(tokenizer).save_pretrained(draft)
    size = (draft / "model.safetensors").stat().st_size
    if size > LARGEST:
        raise ValueError(f"the weights have {size:,} bytes, more than {LARGEST:,}")
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(draft.iterdir()):
        file.chmod(0o644)
        file.replace(folder / file.name)
    draft.rmdir()
