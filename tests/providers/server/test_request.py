"""What is sent."""

import json
from base64 import b64decode, b64encode
from io import BytesIO
from typing import Any

import pytest
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    ContentAudio,
    ContentImage,
    ContentReasoning,
    ContentText,
    GenerateConfig,
)
from PIL import Image

from askfirst.errors import RunError
from askfirst.providers.server.request import holds_webp, request_body, sent_settings

URI = "data:image/webp;base64,UklGRg=="


def picture(mode: str) -> Image.Image:
    return Image.effect_noise((16, 9), 60).convert(mode)


def uri_of(image: Image.Image, form: str) -> str:
    content = BytesIO()
    image.save(content, form, lossless=True)
    return f"data:image/{form.lower()};base64,{b64encode(content.getvalue()).decode()}"


def pixels(uri: str) -> tuple[str | None, bytes]:
    image = Image.open(BytesIO(b64decode(uri.partition(",")[2])))
    return image.format, image.tobytes()


def body(messages: list[ChatMessage], **settings: Any) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(request_body("org/m", messages, settings, True))
    return read


def test_messages_are_sent_in_order_with_pictures_inline() -> None:
    sent = body(
        [
            ChatMessageSystem(content="Be brief."),
            ChatMessageUser(content=[ContentImage(image=URI), ContentText(text='"Ä"\n🌳')]),
            ChatMessageAssistant(content="Boat."),
            ChatMessageUser(content="Sure?"),
        ]
    )
    picture = {"type": "image_url", "image_url": {"url": URI}}
    assert sent == {
        "model": "org/m",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [picture, {"type": "text", "text": '"Ä"\n🌳'}]},
            {"role": "assistant", "content": "Boat."},
            {"role": "user", "content": "Sure?"},
        ],
    }


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_webp_is_sent_as_png_of_the_same_pixels_to_who_cannot_read_it(mode: str) -> None:
    uri = uri_of(picture(mode), "WEBP")
    message = ChatMessageUser(content=[ContentImage(image=uri)])
    assert holds_webp([message])
    sent = json.loads(request_body("m", [message], {}, False))
    url = sent["messages"][0]["content"][0]["image_url"]["url"]
    assert pixels(uri)[0] == "WEBP"
    assert pixels(url) == ("PNG", pixels(uri)[1])


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_other_pictures_are_sent_as_they_are(form: str) -> None:
    uri = uri_of(picture("RGB"), form)
    message = ChatMessageUser(content=[ContentText(text="What?"), ContentImage(image=uri)])
    assert not holds_webp([message, ChatMessageUser(content="What?")])
    assert uri in request_body("m", [message], {}, False).decode()


def test_metadata_and_thoughts_stay_here() -> None:
    told = ChatMessageUser(content="Sure?", metadata={"askfirst": "s3cret"})
    thought = ChatMessageAssistant(
        content=[ContentReasoning(reasoning="s3cret"), ContentText(text="Boat.")]
    )
    assert "s3cret" not in json.dumps(body([told, thought]))


def test_detail_is_sent_where_it_is_asked_for() -> None:
    sent = body([ChatMessageUser(content=[ContentImage(image=URI, detail="low")])])
    assert sent["messages"][0]["content"][0]["image_url"] == {"url": URI, "detail": "low"}


@pytest.mark.parametrize(
    ("config", "sent"),
    [
        (GenerateConfig(), {}),
        (GenerateConfig(max_tokens=50, temperature=0.0), {"max_tokens": 50, "temperature": 0.0}),
        (
            GenerateConfig(top_p=0.9, top_k=5, seed=7, stop_seqs=["\n"]),
            {"top_p": 0.9, "top_k": 5, "seed": 7, "stop": ["\n"]},
        ),
        (
            GenerateConfig(frequency_penalty=0.1, presence_penalty=0.2),
            {"frequency_penalty": 0.1, "presence_penalty": 0.2},
        ),
        (
            GenerateConfig(
                max_tokens=5, extra_body={"chat_template_kwargs": {"enable_thinking": False}}
            ),
            {"max_tokens": 5, "chat_template_kwargs": {"enable_thinking": False}},
        ),
        (GenerateConfig(max_connections=3, timeout=9), {}),
    ],
)
def test_settings_are_sent_only_where_set(config: GenerateConfig, sent: dict[str, Any]) -> None:
    assert sent_settings(config) == sent
    assert body([], **sent_settings(config)) == {"model": "org/m", "messages": []} | sent


@pytest.mark.parametrize(
    "message",
    [
        ChatMessageTool(content="5"),
        ChatMessageUser(content=[ContentAudio(audio="data:audio/wav;base64,", format="wav")]),
    ],
)
def test_what_cannot_be_sent_is_an_error(message: ChatMessage) -> None:
    with pytest.raises(RunError, match="server/ models cannot be sent"):
        body([message])
