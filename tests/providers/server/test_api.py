"""The provider inside runs: faults cost time, never an answer; the key stays where it is."""

import asyncio
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from inspect_ai import eval as inspect_eval
from inspect_ai.model import ChatMessageUser, GenerateConfig, Model, ModelOutput, get_model
from inspect_ai.tool import ToolInfo

from askfirst.engine.journal import read_episodes
from askfirst.engine.run import EPISODES_FILE, plan_run, run
from askfirst.engine.tasks import qd
from askfirst.errors import RunError
from askfirst.protocol.episode import Episode, EpisodeOutcome
from benchmarks.fault_server import (
    FaultyModel,
    completion,
    model_list,
    played,
    serving,
    write_numbered_suite,
)
from tests.command import Command

EPISODES = 60
KEY = "sk-s3cret-0123456789"


class Noting:
    """Answers properly and keeps what it was asked."""

    def __init__(
        self, models: tuple[str, ...] = ("toy",), text: str = "Boat.", owner: str = "vllm"
    ) -> None:
        self.models = model_list(*models, owner=owner)
        self.text = text
        self.paths: list[str] = []
        self.bodies: list[dict[str, Any]] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        self.paths.append(request.path)
        if request.path == "/v1/models":
            return web.json_response(self.models)
        self.bodies.append(await request.json())
        return web.json_response(completion(self.text))


def generate(model: Model, **settings: Any) -> ModelOutput:
    config = GenerateConfig(max_tokens=50, temperature=0.0, **settings)
    return asyncio.run(model.generate([ChatMessageUser(content="What?")], config=config))


@pytest.fixture(scope="module")
def numbered_suite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_numbered_suite(tmp_path_factory.mktemp("numbered"), EPISODES)


@pytest.fixture(scope="module")
def sound(numbered_suite: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    """How the episodes go without faults."""
    with serving(FaultyModel(0)) as url:
        found, runs = played(f"patient/toy@{url}", numbered_suite, tmp_path_factory.mktemp("sound"))
    assert runs == 1
    return found


@pytest.mark.parametrize(("provider", "share"), [("patient", 0.3), ("impatient", 0.1)])
def test_episodes_end_as_they_do_without_faults(
    provider: str, share: float, sound: dict[int, Any], numbered_suite: Path, tmp_path: Path
) -> None:
    model = FaultyModel(share)
    with serving(model) as url:
        found, runs = played(f"{provider}/toy@{url}", numbered_suite, tmp_path / "out")
    assert found == sound
    assert len({outcome for outcome, _ in found.values()}) >= 4
    assert len(model.faults) >= 5
    assert (runs == 1) == (provider == "patient")


def test_a_fault_without_a_further_attempt_is_an_error_and_no_answer(
    numbered_suite: Path, tmp_path: Path
) -> None:
    episodes = episodes_of("impatient/toy", FaultyModel(0.5), numbered_suite, tmp_path)
    failed = [e for e in episodes if e.failed]
    assert 0 < len(failed) < EPISODES
    for episode in failed:
        assert episode.error is not None
        assert episode.error.startswith("RunError: http://127.0.0.1:")
        assert "\n" not in episode.error


def episodes_of(
    model: str, handler: Any, suite: Path, folder: Path, limit: int | None = None
) -> list[Episode]:
    """The episodes of one run against a handler."""
    with serving(handler) as url:
        spec = plan_run([f"{model}@{url}"], str(suite), protocol="official-v1", limit=limit)
        run(spec, folder / "out", max_connections=20)
    return read_episodes(folder / "out" / EPISODES_FILE)


def test_an_empty_reply_is_a_reply(tiny_suite: Path, tmp_path: Path) -> None:
    episodes = episodes_of("server/toy", Noting(text=""), tiny_suite, tmp_path)
    assert {e.outcome for e in episodes} == {EpisodeOutcome.UNPARSED}


@pytest.mark.parametrize(
    ("owner", "sent"), [("vllm", "webp"), ("sglang", "webp"), ("llamacpp", "png"), ("", "png")]
)
def test_webp_goes_to_servers_that_say_they_are_known_to_read_it(
    owner: str, sent: str, numbered_suite: Path, tmp_path: Path
) -> None:
    handler = Noting(owner=owner)
    episodes_of("server/toy", handler, numbered_suite, tmp_path, limit=2)
    urls = [body["messages"][0]["content"][0]["image_url"]["url"] for body in handler.bodies]
    assert {url.partition(";")[0] for url in urls} == {f"data:image/{sent}"}


@pytest.mark.parametrize(
    "answer", [{"status": 404}, {"status": 501}, {"text": "<p>Nothing here"}, {"text": "{}"}]
)
def test_a_server_without_a_list_of_models_gets_png(
    answer: dict[str, Any], numbered_suite: Path, tmp_path: Path
) -> None:
    bodies = []

    async def unlisted(request: web.Request) -> web.StreamResponse:
        if request.path != "/v1/chat/completions":
            return web.Response(**answer)
        bodies.append(await request.json())
        return web.json_response(completion("Boat."))

    episodes = episodes_of("server/toy", unlisted, numbered_suite, tmp_path, limit=2)
    assert [e for e in episodes if e.failed] == []
    assert "data:image/png" in str(bodies)
    assert "data:image/webp" not in str(bodies)


def test_output_holds_text_reason_model_and_usage() -> None:
    handler = Noting()
    with serving(handler) as url:
        output = generate(get_model(f"server/org/toy@{url}"), seed=3)
    assert (output.completion, output.stop_reason, output.model) == ("Boat.", "stop", "toy")
    assert output.usage is not None
    assert (output.usage.input_tokens, output.usage.output_tokens) == (40, 5)
    (body,) = handler.bodies
    assert (body["model"], body["max_tokens"], body["temperature"], body["seed"]) == (
        "org/toy",
        50,
        0.0,
        3,
    )


def test_settings_of_the_model_are_sent_where_a_turn_sets_none() -> None:
    handler = Noting()
    with serving(handler) as url:
        model = get_model(f"server/toy@{url}", config=GenerateConfig(top_p=0.5, max_tokens=7))
        asyncio.run(
            model.api.generate(
                [ChatMessageUser(content="What?")], [], "none", GenerateConfig(max_tokens=50)
            )
        )
    assert handler.bodies[0]["top_p"] == 0.5
    assert handler.bodies[0]["max_tokens"] == 50


def test_a_model_without_name_is_the_only_one_that_is_served() -> None:
    handler = Noting(("org/only",))
    with serving(handler) as url:
        model = get_model(f"server/@{url}")
        generate(model)
        generate(model)
    assert [body["model"] for body in handler.bodies] == ["org/only"] * 2
    assert handler.paths.count("/v1/models") == 1


@pytest.mark.parametrize(
    ("models", "words"),
    [(("a", "b\n\x1b[31mc"), "serves 2 models, name one: a, b"), ((), "serves 0 models")],
)
def test_several_models_are_listed(models: tuple[str, ...], words: str) -> None:
    with serving(Noting(models)) as url, pytest.raises(RunError, match=words) as caught:
        generate(get_model(f"server/@{url}"))
    assert str(caught.value).isprintable()


def test_only_the_provider_retries() -> None:
    handler = FaultyModel(1.0)
    with serving(handler) as url, pytest.raises(RunError):
        generate(get_model(f"server/toy@{url}", attempts=2, wait=0.01, timeout=0.3))
    assert handler.requests == 2


def test_tools_are_refused() -> None:
    model = get_model("server/toy@http://127.0.0.1:9/v1")
    tool = ToolInfo(name="look", description="Look again.")
    with pytest.raises(RunError, match="not sent tools"):
        asyncio.run(model.generate("What?", tools=[tool]))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"base_url": "http://elsewhere/v1"}, "has its address in its name"),
        ({"timeout": -1}, "timeout must be"),
        ({"colour": "red"}, "unknown model argument colour"),
        ({"api_key": "two words s3cret"}, "the key in ASKFIRST_SERVER_KEY"),
        ({"api_key": "s3cret\r\nX-Evil: 1"}, "the key in ASKFIRST_SERVER_KEY"),
    ],
)
def test_bad_arguments_are_named_but_no_key(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(RunError, match=words) as caught:
        get_model("server/toy@http://127.0.0.1:9/v1", **arguments)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "name", ["server/toy", "server/toy@localhost:8000", "server/m@http://me:s3cret@host/v1"]
)
def test_a_bad_address_stops_a_run_before_it_writes(
    name: str, tiny_suite: Path, tmp_path: Path, askfirst: Command
) -> None:
    result = askfirst("run", "--model", name, "--suite", tiny_suite, "--out", tmp_path / "out")
    assert result.code != 0
    assert "the address of a server/ model cannot be used" in " ".join(result.err.split())
    assert "s3cret" not in result.out + result.err
    assert not (tmp_path / "out").exists()


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, and every file inside inspect_ai's logs."""
    found = {}
    for file in folder.rglob("*"):
        if file.is_file():
            found[str(file)] = file.read_bytes()
        if file.suffix == ".eval":
            with zipfile.ZipFile(file) as log:
                found |= {f"{file}/{name}": log.read(name) for name in log.namelist()}
    return found


class Echoing:
    """Repeats the Authorization header wherever it can, refusing in different ways."""

    def __init__(self) -> None:
        self.seen: list[str | None] = []

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        await request.read()
        header = request.headers.get("Authorization", "")
        self.seen.append(header)
        text = f"your header was {header}"
        match len(self.seen) % 6:
            case 0:
                return web.json_response({"error": {"message": text}}, status=401)
            case 1:
                return web.Response(text=text, status=500, reason=text)
            case 2:
                return web.Response(status=302, headers={"Location": f"http://host/?{header}"})
            case 3:
                return web.Response(text=text)
            case 4:
                return web.json_response({"choices": [], "text": text})
        return web.json_response(completion("Boat.", model=text))


@pytest.mark.parametrize(("show_locals", "limit"), [("0", 20), ("1", 2)])
def test_the_key_is_in_no_file_and_on_no_screen(
    show_locals: str,
    limit: int,
    numbered_suite: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    askfirst: Command,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("ASKFIRST_SERVER_KEY", KEY)
    monkeypatch.setenv("INSPECT_TRACEBACK_LOCALS", show_locals)
    server, out = Echoing(), tmp_path / "out"
    with serving(server) as url:
        words = ("--suite", numbered_suite, "--protocol", "official-v1", "--limit", limit)
        result = askfirst("run", "--model", f"impatient/toy@{url}", *words, "--out", out)
        task = qd(suite=str(numbered_suite), protocol="official-v1", limit=limit)
        inspect_eval(task, model=f"impatient/toy@{url}", log_dir=str(out / "logs"), display="none")
    assert set(server.seen) == {f"Bearer {KEY}"}
    errors = [e.error or "" for e in read_episodes(out / EPISODES_FILE)]
    assert sum("your header was Bearer [key]" in error for error in errors) >= limit / 3
    files = contents(out)
    assert any(name.endswith("header.json") for name in files)
    assert [name for name, content in files.items() if KEY.encode() in content] == []
    assert KEY not in result.out + result.err + caplog.text


def test_the_key_of_an_argument_is_not_in_a_representation() -> None:
    model = get_model("server/toy@http://127.0.0.1:9/v1", api_key=KEY)
    shown = (repr(model), str(model), repr(model.api), repr(vars(model.api)["client"]))
    assert KEY not in json.dumps(shown)
