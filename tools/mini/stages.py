"""The losses of the three stages: words without eyes, eyes that name, and both together."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers import FastVlmForConditionalGeneration

from tools.mini.architecture import IMAGE_TOKENS
from tools.mini.examples import Example
from tools.mini.prompts import Prompts

SHARPNESS = 12.0  # factor of the cosine between a cell and a name
WRITTEN = 0.2  # share of the tokens at which a head's writing is looked at
FIRST_TRAINED_BLOCK = 12  # blocks of the tower before it keep ImageNet's weights


def pixels_of(examples: Sequence[Example]) -> Tensor:
    """Pictures as the tower takes them: levels from -1 to 1, n × 3 × side × side."""
    stacked = torch.stack([torch.tensor(example.pixels) for example in examples])
    return stacked.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def reading_losses(
    model: FastVlmForConditionalGeneration,
    prompts: Prompts,
    cells: Tensor,
    probe: nn.Linear,
    seen: Tensor,
) -> dict[str, Tensor]:
    """What the replies' tokens lack, given image tokens (n × cells × width), and four guides.

    A small model finds by itself only slowly that replies repeat an option. So one head of the
    first layer is shown the token before, one of the last layer the option's token to repeat and to
    write whatever token it attends to, and a probe on the third layer asks which option the picture
    bears out, where it is `seen`.
    """
    embedding = model.get_input_embeddings()
    words = embedding(prompts.ids)
    places = prompts.ids == model.config.image_token_index
    words = words.masked_scatter(places.unsqueeze(-1), cells.to(words.dtype)).bfloat16()
    read = model.model.language_model(
        inputs_embeds=words,
        attention_mask=prompts.mask,
        use_cache=False,
        output_attentions=True,
        output_hidden_states=True,
    )
    asked = prompts.answers[:, 1:].bool()
    logits = read.last_hidden_state[:, :-1][asked] @ embedding.weight.T
    before = read.attentions[0][:, 0].diagonal(-1, 1, 2)[prompts.mask[:, 1:].bool()]
    sources = prompts.sources[:, 1:]
    attended = read.attentions[-1][:, 0, :-1].gather(2, sources.clamp_min(0).unsqueeze(-1))
    inside = read.hidden_states[3].gather(
        1, prompts.starts.clamp_min(0).unsqueeze(-1).expand(-1, -1, embedding.weight.shape[1])
    )
    scores = probe(inside.float()).squeeze(-1).masked_fill(prompts.starts < 0, -1e4)
    chance = torch.Generator().manual_seed(int(prompts.ids.sum()))
    listed = prompts.mask.bool() & (torch.rand(prompts.ids.shape, generator=chance) < WRITTEN)
    written = _written(model, read.hidden_states[-2][listed])
    return {
        "reading": F.cross_entropy(logits.float(), prompts.ids[:, 1:][asked]),
        "before": -before.float().clamp_min(1e-6).log().mean(),
        "copying": -attended.squeeze(-1)[sources >= 0].float().clamp_min(1e-6).log().mean(),
        "writing": F.cross_entropy(written.float(), prompts.ids[listed]),
        "matching": F.cross_entropy(scores[seen], prompts.right[seen]),
    }


def _written(model: FastVlmForConditionalGeneration, hidden: Tensor) -> Tensor:
    """Logits of what the last layer's first head writes when it attends to some places."""
    language = model.model.language_model
    layer = language.layers[-1]
    attention, size = layer.self_attn, layer.self_attn.head_dim
    value = F.linear(layer.input_layernorm(hidden), attention.v_proj.weight[:size])
    output = F.linear(value, attention.o_proj.weight[:, :size])
    return language.norm(output) @ model.get_input_embeddings().weight.T


def imagined_cells(
    names: Tensor, seen: Tensor, embedding: Tensor, mark: Tensor, generator: torch.Generator
) -> Tensor:
    """Image tokens as if the tower saw things: a name's words in some cells, clutter in others.

    Args:
        names: n × vocabulary, the words of each picture.
        seen: n, whether the picture shows the thing.
        embedding: vocabulary × width.
        mark: The projector's last bias, which all image tokens share.
    """
    count, width = len(names), embedding.shape[1]
    unit = F.normalize(names @ embedding, dim=-1)
    shuffled = unit[torch.randperm(count, generator=generator)]
    draw = torch.rand(count, IMAGE_TOKENS, generator=generator)
    share = torch.rand(count, 1, generator=generator) * 0.5 + 0.1
    thing = ((draw < share) & seen[:, None]).unsqueeze(-1)
    clutter = (draw > 0.9).unsqueeze(-1)
    noise = torch.randn(count, IMAGE_TOKENS, width, generator=generator) / math.sqrt(width)
    cells = noise * 1.2 + thing * unit[:, None] + clutter * shuffled[:, None] * 0.7
    return F.normalize(cells, dim=-1) * embedding.norm(dim=-1).mean().detach() + mark


def naming_loss(cells: Tensor, names: Tensor, targets: Tensor) -> Tensor:
    """Cross entropy over all names; a name scores by the cells that resemble its words most.

    Args:
        cells: n × cells × width, projected.
        names: names × width, the mean embedding of each name's words.
        targets: n, index of the right name, -100 where there is none.
    """
    scores = F.normalize(cells.float(), dim=-1) @ F.normalize(names.float(), dim=-1).T
    return F.cross_entropy(
        torch.logsumexp(scores * SHARPNESS, dim=1) - math.log(IMAGE_TOKENS), targets
    )


def early_maps(tower: nn.Module, pixels: Tensor) -> Tensor:
    """What the untrained blocks of a tower make of pictures."""
    maps = tower.embeddings(pixels)
    for block in tower.encoder.blocks[:FIRST_TRAINED_BLOCK]:
        maps = block(maps)
    return maps


@dataclass(frozen=True)
class Tower:
    """The tower, of which only the second part is trained, and its old self as a teacher."""

    tower: nn.Module
    teacher: nn.Module
    head: Tensor
    bias: Tensor

    def late(self, maps: Tensor, teacher: bool = False) -> Tensor:
        """Features (n × cells × channels) of the trained tower or of the teacher."""
        encoder = (self.teacher if teacher else self.tower).encoder
        for block in encoder.blocks[FIRST_TRAINED_BLOCK:]:
            maps = block(maps)
        maps = encoder.top_activation(encoder.top_bn(encoder.top_conv(maps)))
        return maps.flatten(2).transpose(1, 2)

    def forgetting(self, features: Tensor, maps: Tensor) -> Tensor:
        """How far the ImageNet classes of the trained tower are from those of the teacher."""
        with torch.no_grad():
            taught = self.classes(self.late(maps, teacher=True))
        return F.kl_div(
            self.classes(features).log_softmax(-1), taught.softmax(-1), reduction="batchmean"
        )

    def classes(self, features: Tensor) -> Tensor:
        """ImageNet logits of features."""
        return features.float().mean(1) @ self.head.T + self.bias


def recalled_features(
    features: Tensor, classes: Tensor, head: Tensor, generator: torch.Generator
) -> Tensor:
    """Features of other pictures, changed until ImageNet's classifier sees some classes in them.

    The classifier's row of a class says which features speak for it; they are added in a few cells.
    """
    count = len(features)
    rows = head[classes] - head.mean(0)
    chosen = torch.rand(count, IMAGE_TOKENS, generator=generator)
    chosen = (chosen < torch.rand(count, 1, generator=generator) * 0.6 + 0.2).float()
    strength = torch.rand(count, 1, generator=generator) * 12 + 10
    push = strength * rows / rows.pow(2).sum(-1, keepdim=True)
    push = push * (IMAGE_TOKENS / chosen.sum(1, keepdim=True).clamp_min(1))
    kept = features * (torch.rand(count, 1, 1, generator=generator) * 0.7 + 0.1)
    return (kept + chosen.unsqueeze(-1) * push[:, None]).clamp(0, 6)
