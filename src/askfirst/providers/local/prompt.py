"""From a conversation to the text that a model's chat template makes of it."""

from collections.abc import Sequence
from typing import Any

from askfirst.providers.local.job import Line


def conversation(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines as messages for a chat template: the pictures of a line before its text."""
    return [
        {
            "role": line.role,
            "content": [
                *({"type": "image"} for _ in line.pictures),
                {"type": "text", "text": line.text},
            ],
        }
        for line in lines
    ]


def prompt_of(processor: Any, lines: Sequence[Line]) -> str:
    """The text of a conversation up to where the model's reply begins."""
    text: str = processor.apply_chat_template(
        conversation(lines), add_generation_prompt=True, tokenize=False
    )
    return text


def reply_part(processor: Any, prompt: str, lines: Sequence[Line], reply: str) -> str:
    """What a template adds to the prompt of a conversation when that is replied to.

    Raises:
        ValueError: The template writes earlier messages otherwise once they are replied to.
    """
    whole: str = processor.apply_chat_template(
        conversation((*lines, Line("assistant", reply))), tokenize=False
    )
    if not whole.startswith(prompt):
        raise ValueError("the chat template rewrites the question of an answered conversation")
    return whole[len(prompt) :]


def tokens_behind(tokenizer: Any, prompt: str, added: Sequence[str]) -> list[list[int]]:
    """Ids of each text as it is cut up behind a prompt.

    Where the tokenizer joins prompt and text at the seam, the text is taken by itself.
    """
    texts = [prompt, *(prompt + text for text in added)]
    before, *whole = tokenizer(texts, add_special_tokens=False)["input_ids"]
    return [
        list(tokens[len(before) :])
        if tokens[: len(before)] == before
        else list(tokenizer(text, add_special_tokens=False)["input_ids"])
        for tokens, text in zip(whole, added, strict=True)
    ]


def inputs_of(processor: Any, texts: Sequence[str], pictures: Sequence[Sequence[Any]]) -> Any:
    """Padded tensors of prompts with their pictures.

    Args:
        processor: The model's processor.
        texts: Prompts, one a row.
        pictures: PIL pictures of each row.
    """
    begin = processor.tokenizer.bos_token
    # Templates often write the token of the beginning themselves; twice would be once too many.
    written = bool(begin) and all(text.startswith(begin) for text in texts)
    return processor(
        text=list(texts),
        images=[list(row) for row in pictures] if any(pictures) else None,
        padding=True,
        return_tensors="pt",
        add_special_tokens=not written,
    )
