"""CPU time that the engine takes for one turn, with a model that answers at once.

Two runs of different length give the cost a turn as a slope, so that start-up does not count:

    python -m benchmarks.engine_cost [--samples 1500]

The yardstick is measured beside it in the same process: inspect_ai alone, with a solver that sends
the same pictures to a model that answers at once, and does nothing else.

Every episode lasts three turns (two suggestions, then the answer). Reported is process CPU time, of
all threads, not wall-clock time: other work on the machine does not disturb it much.
"""

import argparse
import base64
import json
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from inspect_ai import Task, eval_set
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageUser,
    ContentImage,
    ContentText,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
    get_model,
    modelapi,
)
from inspect_ai.scorer import Score, Scorer, Target, mean, scorer
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import ToolChoice, ToolInfo
from PIL import Image

from askfirst.engine.playing import REALTIME_LIMIT
from askfirst.engine.run import plan_run, run
from askfirst.suites.pixels import pixel_sha256

TURNS = 3


def write_suite(root: Path, samples: int) -> Path:
    """A suite of drawings of three frames, all with the same pictures."""
    pictures = {}
    for index in range(TURNS):
        image = Image.effect_noise((256, 256), 60 + index).convert("RGB")
        file = root / f"{index:04d}.webp"
        root.mkdir(parents=True, exist_ok=True)
        image.save(file, "WEBP", quality=60)
        pictures[file.name] = {
            "sha256": sha256(file.read_bytes()).hexdigest(),
            "pixels": pixel_sha256(Image.open(file)),
            "size": [256, 256],
        }
    rows = "".join(
        json.dumps(
            {
                "id": number,
                "image_template": "{image}.webp",
                "first_image": 0,
                "num_images": TURNS,
                "reference_image": TURNS - 1,
                "prompt": "What is drawn here?",
                "options": ["Add more details to the drawing.", "I cannot answer this question."],
                "categories": ["Apple.", "Boat.", "Candle.", "Drum."],
                "answer": "Boat.",
                "evidence": [0, 0.5, 1],
                "sufficient": [False, False, True],
            }
        )
        + "\n"
        for number in range(samples)
    )
    (root / "QD.jsonl").write_text(rows)
    manifest = {
        "format": "askfirst-suite-1",
        "name": "benchmark",
        "version": "1",
        "title": "",
        "license": "CC0-1.0",
        "samples": {
            "QD": {
                "file": "QD.jsonl",
                "n": samples,
                "sha256": sha256(rows.encode()).hexdigest(),
            }
        },
        "pictures": pictures,
    }
    (root / "suite.json").write_text(json.dumps(manifest))
    return root


def inline_pictures(suite: Path) -> list[str]:
    """The data URIs of the suite's pictures, in the order of turns."""
    files = sorted(suite.glob("*.webp"))
    return [
        "data:image/webp;base64," + base64.b64encode(file.read_bytes()).decode() for file in files
    ]


def cpu_seconds(samples: int) -> float:
    """CPU seconds of a run of `samples` episodes by the oracle."""
    with tempfile.TemporaryDirectory() as folder:
        suite = write_suite(Path(folder) / "suite", samples)
        spec = plan_run(["baseline/oracle"], str(suite), protocol="official-v1")
        before = time.process_time()
        result = run(spec, Path(folder) / "out")
        spent = time.process_time() - before
        row = result.summary["models"]["baseline/oracle"]["scenarios"]["QD"]
        assert (row["acc"], row["psr"]) == (100, TURNS - 1)
        return spent


@modelapi(name="instant")
def instant() -> type[ModelAPI]:
    """A model that answers at once."""

    class Instant(ModelAPI):
        async def generate(
            self,
            input: list[ChatMessage],
            tools: list[ToolInfo],
            tool_choice: ToolChoice,
            config: GenerateConfig,
        ) -> ModelOutput:
            output = ModelOutput.from_content("instant", "Boat.")
            output.usage = ModelUsage(input_tokens=0, output_tokens=0, total_tokens=0)
            return output

    return Instant


@solver
def send_pictures(uris: list[str]) -> Solver:
    """Sends the same number of pictures and words as an episode."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        for uri in uris:
            content = [ContentImage(image=uri), ContentText(text="word " * 60)]
            state.output = await get_model().generate([ChatMessageUser(content=content)])
        return state

    return solve


@scorer(metrics=[mean()])
def nothing() -> Scorer:
    async def score(state: TaskState, target: Target) -> Score:
        return Score(value=1)

    return score


def bare_cpu_seconds(samples: int) -> float:
    """CPU seconds of inspect_ai alone over as many samples."""
    with tempfile.TemporaryDirectory() as folder:
        suite = write_suite(Path(folder) / "suite", 1)
        uris = inline_pictures(suite)
        rows = [Sample(id=f"s{number}", input="", target="") for number in range(samples)]
        task = Task(dataset=MemoryDataset(rows), solver=send_pictures(uris), scorer=nothing())
        before = time.process_time()
        eval_set(
            [task],
            log_dir=f"{folder}/logs",
            model="instant/model",
            display="none",
            log_images=False,
            log_realtime=samples <= REALTIME_LIMIT,
            log_buffer=max(1, samples // 20),
            ctl_server=False,
            retry_attempts=0,
            retry_immediate=False,
        )
        return time.process_time() - before


def slope(cpu: Callable[[int], float], few: int, many: int) -> float:
    """Milliseconds of CPU time a turn, start-up left out."""
    cpu(10)  # what is loaded on first use
    return 1000 * (cpu(many) - cpu(few)) / ((many - few) * TURNS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1500)
    few, many = 50, parser.parse_args().samples
    ours, bare = slope(cpu_seconds, few, many), slope(bare_cpu_seconds, few, many)
    print(f"{many} samples of {TURNS} turns; ms CPU a turn beyond start-up")
    print(f"askfirst {ours:.2f}, inspect_ai alone {bare:.2f}, ratio {ours / bare:.2f}")


if __name__ == "__main__":
    main()
