"""Models that cannot be used, found out before a run starts."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from askfirst.errors import RunError
from askfirst.providers.local.loader import load, placed
from askfirst.providers.local.rehearsal import rehearse
from askfirst.providers.local.settings import local_settings

TEMPLATE = "chat_template.jinja"


def _without_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()


def _incomplete(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    del weights["language_model.model.layers.0.self_attn.q_proj.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def _text_only(folder: Path) -> None:
    for name in ("processor_config.json", TEMPLATE):
        (folder / name).unlink()
    config = json.loads((folder / "config.json").read_text())["text_config"]
    config["architectures"] = ["LlamaForCausalLM"]
    (folder / "config.json").write_text(json.dumps(config))


def _without_template(folder: Path) -> None:
    (folder / TEMPLATE).unlink()


def _template(text: str) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / TEMPLATE).write_text(text)

    return write


def _with_code_of_its_own(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "novel", "auto_map": {"AutoConfig": "novel.NovelConfig"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "novel.py").write_text("raise SystemExit('run')")


WORDS = "{% for m in messages %}{% for p in m['content'] %}{{ p['text'] }}{% endfor %}{% endfor %}"
PICTURES = "{% for m in messages %}<image>{% endfor %}"
AS_TEXT = "<image>{% for m in messages %}{{ m['content'] }}{% endfor %}"
BROKEN = "{{ raise_exception('only strings, please') }}"


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (_without_weights, "the model cannot be loaded: .*model.safetensors"),
        (_incomplete, "lacks weights of its own architecture.*q_proj"),
        (_text_only, "is it a vision-language model"),
        (_with_code_of_its_own, "code of its own repository, which is never done here"),
        (_without_template, "has no chat template.*chat_template=FILE"),
        (_template(WORDS), "drops the picture"),
        (_template(PICTURES), "drops the text"),
        (_template(AS_TEXT), "does not know messages with pictures"),
        (_template(BROKEN), "chat template cannot be used: only strings, please"),
    ],
)
def test_a_folder_that_is_no_model_is_refused(
    tiny_model: Path, tmp_path: Path, damage: Callable[[Path], None], complaint: str
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    damage(folder)
    with pytest.raises(RunError, match=complaint) as caught:
        load(local_settings(str(folder), {}), "cpu")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "device", "complaint"),
    [
        ({"attention": "telepathy"}, "cpu", "the model cannot be loaded.*telepathy"),
        ({"chat_template": "/no/such/file"}, "cpu", "chat template /no/such/file cannot be read"),
        ({}, "abacus", "the model cannot be loaded.*abacus"),
    ],
)
def test_settings_that_do_not_work_are_said(
    tiny_model: Path, arguments: dict[str, str], device: str, complaint: str
) -> None:
    with pytest.raises(RunError, match=complaint):
        load(local_settings(str(tiny_model), arguments), device)


def test_a_folder_that_is_not_there_is_said() -> None:
    with pytest.raises(RunError, match=r"/no/such/folder: .*there is no such folder"):
        load(local_settings("/no/such/folder", {}), "cpu")


def test_a_model_that_is_not_on_this_disk_is_not_looked_for_offline() -> None:
    with pytest.raises(RunError, match=r"nobody/no-model: .*offline"):
        load(local_settings("nobody/no-model", {"offline": True}), "cpu")


def test_a_model_that_fails_at_its_first_question_is_refused(
    tiny_model: Path, tmp_path: Path
) -> None:
    """Its processor makes fewer places for a picture than its vision tower fills."""
    folder = tmp_path / "model"
    shutil.copytree(tiny_model, folder)
    file = folder / "processor_config.json"
    processor = json.loads(file.read_text())
    file.write_text(json.dumps(processor | {"patch_size": 32}))
    with pytest.raises(RunError, match="cannot be asked about a picture"):
        rehearse(load(local_settings(str(folder), {}), "cpu"))


@pytest.mark.parametrize("dtype", ["auto", "float32", "bfloat16"])
@pytest.mark.parametrize("attention", ["", "eager", "sdpa"])
@pytest.mark.parametrize("mode", ["text", "logprobs"])
def test_dtype_and_attention_are_as_asked(
    tiny_model: Path, dtype: str, attention: str, mode: str
) -> None:
    settings = {"dtype": dtype, "attention": attention, "mode": mode}
    loaded = load(local_settings(str(tiny_model), settings), "cpu")
    assert loaded.model.dtype == (torch.bfloat16 if dtype == "bfloat16" else torch.float32)
    rehearse(loaded)


def test_filters_over_frames_of_video_are_placed_too() -> None:
    """Towers of the Qwen-VL family begin with one."""
    tower = torch.nn.ModuleList([torch.nn.Conv3d(3, 4, 2), torch.nn.Conv2d(3, 4, 3)])
    frames, image = (layer.weight.clone() for layer in tower)
    placed(tower, "cpu")
    assert torch.equal(tower[0].weight, frames)
    assert torch.equal(tower[1].weight, image)
    assert tower[1].weight.is_contiguous(memory_format=torch.channels_last)
    assert not tower.training
