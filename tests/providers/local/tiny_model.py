"""A vision-language model with random weights, small enough to build in a moment."""

from collections.abc import Iterable
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from tokenizers.decoders import ByteLevel
from transformers import (
    CLIPVisionConfig,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
    PreTrainedTokenizerFast,
    SiglipImageProcessor,
    SiglipVisionConfig,
)

TEMPLATE = (
    "{% for message in messages %}<{{ message['role'] }}>"
    "{% for part in message['content'] %}"
    "{% if part['type'] == 'image' %}<image>{% else %}{{ part['text'] }}{% endif %}"
    "{% endfor %}<end>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}"
)

SPECIAL = ("<pad>", "<end>", "<image>", "<user>", "<assistant>", "<system>")


def save_tiny_model(folder: Path, sentences: Iterable[str]) -> Path:
    """Write a LLaVA-class model with random weights that transformers' Auto classes load."""
    # Weights of this size make replies differ from question to question.
    width = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "initializer_range": 0.3,
    }
    vision = CLIPVisionConfig(**width, image_size=32, patch_size=16)
    return save_model(folder, sentences, vision, LlamaConfig(**width))


def save_model(
    folder: Path,
    sentences: Iterable[str],
    vision: CLIPVisionConfig | SiglipVisionConfig,
    text: LlamaConfig,
) -> Path:
    """The same of any size, with a tokenizer learnt from the sentences."""
    tokenizer = _tokenizer(sentences)
    classes = 1 if isinstance(vision, CLIPVisionConfig) else 0
    processor = LlavaProcessor(
        image_processor=SiglipImageProcessor(
            size={"height": vision.image_size, "width": vision.image_size}
        ),
        tokenizer=tokenizer,
        patch_size=vision.patch_size,
        vision_feature_select_strategy="full",
        num_additional_image_tokens=classes,
        chat_template=TEMPLATE,
        image_token="<image>",
    )
    text.vocab_size = len(tokenizer)
    text.eos_token_id, text.pad_token_id = tokenizer.eos_token_id, tokenizer.pad_token_id
    config = LlavaConfig(
        vision_config=vision,
        text_config=text,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        vision_feature_select_strategy="full",
        vision_feature_layer=-1,
    )
    torch.manual_seed(0)
    model = LlavaForConditionalGeneration(config)
    model.generation_config.eos_token_id = tokenizer.eos_token_id
    model.generation_config.pad_token_id = tokenizer.pad_token_id
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def _tokenizer(sentences: Iterable[str]) -> PreTrainedTokenizerFast:
    bare = Tokenizer(models.BPE())
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = ByteLevel()
    bare.train_from_iterator(
        sentences,
        trainers.BpeTrainer(
            vocab_size=400,
            special_tokens=list(SPECIAL),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=bare,
        eos_token="<end>",
        pad_token="<pad>",
        padding_side="left",
        additional_special_tokens=list(SPECIAL[2:]),
    )
