"""Speed of local models: a loop as the published example has it, beside `askfirst run`.

    python -m benchmarks.local_speed --dtype bfloat16    # askfirst/mini, 200 samples
    python -m benchmarks.local_speed --ablations         # what each part of it brings
    python -m benchmarks.local_speed --random --samples 14 --batch 8 --rounds 1

Both play the same samples of the studio with the same weights in the same dtype, each in a process
of its own that has loaded the model before the clock starts. The loop takes one sample and one turn
at a time, decodes the picture, and calls `generate` with 50 new tokens, with torch's own number of
threads (`OMP_NUM_THREADS=1` where another process is at work: two fight for a core). Ours is the
engine with all that it does: journal, episodes, summary. They take turns, several rounds long,
since a shared machine is not equally fast for a minute; the median round is given, and all ratios.

Counted besides: what ending replies early saves where a model answers with letters, in tokens of
"B. <text of B>" for every option of every question.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from askfirst.engine.journal import read_episodes
from askfirst.engine.provenance import RunSpec
from askfirst.engine.run import plan_run, run
from askfirst.protocol.early_stop import settled
from askfirst.protocol.episode import Episode
from askfirst.protocol.play import Reply, Request, play
from askfirst.protocol.protocol import protocol as protocol_named
from askfirst.providers.local.pool import pool_of
from askfirst.providers.local.provider import DEFAULT_MODEL
from askfirst.providers.local.settings import local_settings
from askfirst.scenarios.registry import scenario
from askfirst.suites.pixels import open_picture
from askfirst.suites.suite import load_suite

NEW_TOKENS = 50
TICKS = os.sysconf("SC_CLK_TCK")
Row = dict[str, Any]


def spec_of(models: Sequence[str], samples: int, protocol: str, **more: Any) -> RunSpec:
    """A run of so many samples of the studio, spread over its scenarios."""
    scenarios = len(load_suite("studio").samples)
    spec = plan_run(models, protocol=protocol, limit=-(-samples // scenarios), twins=False, **more)
    ranked = sorted(
        (rank, key, sample)
        for key, group in spec.selection.items()
        for rank, sample in enumerate(s.id for s in group)
    )
    kept = {(key, sample) for _, key, sample in ranked[:samples]}
    chosen = {
        key: tuple(sample for sample in group if (key, sample.id) in kept)
        for key, group in spec.selection.items()
    }
    return replace(spec, selection={key: group for key, group in chosen.items() if group})


def cpu_seconds(pid: int | str) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def peak_megabytes(pid: int | str) -> float:
    status = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1000


def choices(episodes: Sequence[Episode]) -> dict[str, list[int | None]]:
    return {f"{e.scenario}-{e.sample}": [turn.choice for turn in e.turns] for e in episodes}


class Loop:
    """One question at a time, as the published example asks it."""

    def __init__(self, model: str, dtype: str) -> None:
        import torch
        from transformers import AutoModelForImageTextToText, AutoProcessor

        self.torch = torch
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.processor: Any = AutoProcessor.from_pretrained(model)
        self.model: Any = AutoModelForImageTextToText.from_pretrained(
            model, dtype=getattr(torch, dtype)
        )
        self.model.to(self.device).eval()

    def inputs(self, request: Request, suite: Any) -> Any:
        messages, pictures = [], []
        for message in request.messages:
            content: list[dict[str, Any]] = [{"type": "text", "text": message.text}]
            if message.picture:
                pictures.append(open_picture(suite, message.picture))
                content.insert(0, {"type": "image"})
            messages.append({"role": message.role, "content": content})
        text = self.processor.apply_chat_template(messages, add_generation_prompt=True)
        begin = self.processor.tokenizer.bos_token
        special = not (begin and text.startswith(begin))
        return self.processor(
            text=[text], images=[pictures], return_tensors="pt", add_special_tokens=special
        ).to(self.device, self.model.dtype)

    def reply(self, request: Request, suite: Any) -> str:
        inputs = self.inputs(request, suite)
        with self.torch.inference_mode():
            written = self.model.generate(**inputs, max_new_tokens=NEW_TOKENS, do_sample=False)
        start = inputs["input_ids"].shape[1]
        return str(self.processor.decode(written[0, start:], skip_special_tokens=True))

    def play(self, spec: RunSpec) -> list[Episode]:
        episodes = []
        for key, samples in spec.selection.items():
            for sample in samples:
                playing = play(scenario(key), sample, spec.protocol)
                try:
                    request = next(playing)
                    while True:
                        request = playing.send(Reply(self.reply(request, spec.suite)))
                except StopIteration as stop:
                    episodes.append(stop.value)
        return episodes


def loop_part(model: str, samples: int, protocol: str, arguments: Mapping[str, Any]) -> Row:
    """The measures of the loop, in this process."""
    loop = Loop(model, arguments["dtype"])
    loop.play(spec_of((), 2, protocol))  # what is loaded on first use
    spec = spec_of((), samples, protocol)
    clock, cpu = time.perf_counter(), time.process_time()
    episodes = loop.play(spec)
    seconds, spent = time.perf_counter() - clock, time.process_time() - cpu
    return {
        "seconds": seconds,
        "turns": sum(e.num_turns for e in episodes),
        "cpu": spent,
        "framework_cpu": 0.0,
        "peak_mb": [peak_megabytes("self")],
        "threads": loop.torch.get_num_threads(),
        "choices": choices(episodes),
        "read": sum(turn.choice is not None for e in episodes for turn in e.turns),
    }


def our_part(model: str, samples: int, protocol: str, arguments: Mapping[str, Any]) -> Row:
    """The measures of a run of the engine, in this process and its workers."""
    name = f"local/{model}"
    pool = pool_of(local_settings(model, arguments))
    few = spec_of([name], 2, protocol, model_args=arguments)
    spec = spec_of([name], samples, protocol, model_args=arguments)
    with tempfile.TemporaryDirectory() as folder:
        run(few, Path(folder) / "few")
        pids = [worker.pid for worker in pool.workers]
        before = [cpu_seconds(pid) for pid in pids]
        clock, cpu = time.perf_counter(), time.process_time()
        result = run(spec, Path(folder) / "out")
        seconds, ours = time.perf_counter() - clock, time.process_time() - cpu
        workers = sum(cpu_seconds(pid) for pid in pids) - sum(before)
        episodes = read_episodes(Path(folder) / "out" / "episodes.jsonl")
    assert result.errors == 0
    return {
        "seconds": seconds,
        "turns": sum(e.num_turns for e in episodes),
        "cpu": ours + workers,
        "framework_cpu": ours,
        "peak_mb": [peak_megabytes("self"), *(peak_megabytes(pid) for pid in pids)],
        "threads": len(pids),
        "choices": choices(episodes),
        "read": sum(turn.choice is not None for e in episodes for turn in e.turns),
    }


def in_own_process(part: str, options: argparse.Namespace, arguments: Mapping[str, Any]) -> Row:
    """A part's measures, from a process that has done nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "row.json"
        told = [options.model, str(options.samples), options.protocol, json.dumps(arguments)]
        command = [sys.executable, "-m", "benchmarks.local_speed", "--part", part, str(file)]
        subprocess.run([*command, "--told", *told], check=True)
        row: Row = json.loads(file.read_text())
    if weights_sha256(options.model) != options.weights:
        sys.exit(f"{options.model} was changed during the measurement")
    return row


def weights_sha256(model: str) -> str:
    digest = hashlib.sha256()
    for file in sorted(Path(model).glob("*.safetensors")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def show(name: str, rows: Sequence[Row], loops: Sequence[Row]) -> None:
    rates = [row["turns"] / row["seconds"] for row in rows]
    middle = sorted(range(len(rows)), key=rates.__getitem__)[(len(rows) - 1) // 2]
    row, turns = rows[middle], rows[middle]["turns"]
    ratios = sorted(
        rate * loop["seconds"] / loop["turns"] for rate, loop in zip(rates, loops, strict=True)
    )
    differing = {
        key
        for mine, loop in zip(rows, loops, strict=True)
        for key, made in loop["choices"].items()
        if mine["choices"][key] != made
    }
    shares = f"framework {100 * row['framework_cpu'] / row['cpu']:.0f} % of it"
    framework = f", {shares}, {1000 * row['framework_cpu'] / turns:.1f} ms"
    peak = " + ".join(f"{megabytes:.0f}" for megabytes in row["peak_mb"])
    print(
        f"{name} ({row['threads']} {'threads' if name == 'loop' else 'workers'}): "
        f"{rates[middle]:.2f} turns/s ({turns} turns in {row['seconds']:.1f} s), "
        f"{median(ratios):.2f} × the loop ({', '.join(f'{ratio:.2f}' for ratio in ratios)}); "
        f"CPU {1000 * row['cpu'] / turns:.1f} ms a turn"
        f"{framework if row['framework_cpu'] else ''}; peak memory {peak} MB; "
        f"{row['read']} of {turns} replies readable; "
        f"episodes that differ from the loop's: {len(differing)} of {len(row['choices'])}",
        flush=True,
    )


def requests(samples: int, protocol: str) -> Iterator[tuple[Request, str]]:
    """Every question of episodes that the oracle plays, and its reply as "B. <text>"."""
    for key, group in spec_of((), samples, protocol).selection.items():
        for sample in group:
            playing = play(scenario(key), sample, protocol_named(protocol))
            try:
                request = next(playing)
                while True:
                    option = request.observation.options[request.advice]
                    reply = f"{request.labels[request.advice]}. {option.text}"
                    yield request, reply
                    request = playing.send(Reply(reply))
            except StopIteration:
                continue


def early_stop_saving(tokenizer: Any, samples: int, protocol: str) -> str:
    whole = cut = 0
    for request, _ in requests(samples, protocol):
        texts = [option.text for option in request.observation.options]
        for label, text in zip(request.labels, texts, strict=True):
            tokens = tokenizer(f"{label}. {text}", add_special_tokens=False)["input_ids"]
            written = (
                count
                for count in range(1, len(tokens))
                if settled(tokenizer.decode(tokens[:count]), request.labels, texts)
            )
            whole += len(tokens) + 1  # and the one that ends it
            cut += next(written, len(tokens) + 1)
    return f'"B. <text>" of every option: {whole} tokens written to the end, {cut} until settled'


def random_model(folder: Path) -> str:
    """A LLaVA-class model of 0.37 B random weights, with a tokenizer of the studio's sentences."""
    from transformers import LlamaConfig, SiglipVisionConfig

    from tests.providers.local.tiny_model import save_model

    texts = [
        text
        for samples in load_suite("studio").samples.values()
        for sample in samples
        for text in (sample.prompt, *sample.options, *sample.categories)
    ]
    vision = SiglipVisionConfig(
        hidden_size=768,
        intermediate_size=3072,
        num_hidden_layers=12,
        num_attention_heads=12,
        image_size=224,
        patch_size=16,
        vision_use_head=False,
    )
    text = LlamaConfig(
        hidden_size=1024, intermediate_size=4096, num_hidden_layers=16, num_attention_heads=16
    )
    return str(save_model(folder, texts, vision, text))


ABLATIONS: Mapping[str, Mapping[str, Any]] = {
    "batch of 1": {"batch": 1},
    "one worker on all cores": {"devices": "cpu"},
    "one worker on one core": {"devices": "cpu", "threads": 1},
    "replies written to their end": {"early_stop": False},
    "replies written token by token": {"drafts": False},
    "both": {"early_stop": False, "drafts": False},
    "no window": {"window": 0},
}


def compare(options: argparse.Namespace) -> None:
    options.weights = weights_sha256(options.model)
    arguments = {
        "dtype": options.dtype,
        "batch": options.batch,
        "window": options.window,
        "early_stop": options.early_stop,
        "drafts": options.drafts,
    }
    print(f"{options.model}, {options.samples} samples, {options.protocol}, {arguments}")
    parts = {"loop": arguments, "ours": arguments}
    if options.ablations:
        parts |= {name: {**arguments, **change} for name, change in ABLATIONS.items()}
    rounds: dict[str, list[Row]] = {name: [] for name in parts}
    for _ in range(options.rounds):
        for name, given in parts.items():
            part = "loop" if name == "loop" else "ours"
            rounds[name].append(in_own_process(part, options, given))
    for name, rows in rounds.items():
        show(name, rows, rounds["loop"])
    if options.ablations:
        one = Loop(options.model, options.dtype)
        print(early_stop_saving(one.processor.tokenizer, options.samples, options.protocol))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--model", default=DEFAULT_MODEL, help="folder, or askfirst/mini")
    parser.add_argument("--random", action="store_true", help="a larger model of random weights")
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--protocol", default="official-v1")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--window", type=float, default=5.0)
    parser.add_argument("--dtype", default="float32")
    parser.add_argument("--early-stop", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--drafts", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ablations", action="store_true")
    parser.add_argument("--part", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--told", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        (part, file), (model, samples, protocol, arguments) = options.part, options.told
        measure = loop_part if part == "loop" else our_part
        row = measure(model, int(samples), protocol, json.loads(arguments))
        Path(file).write_text(json.dumps(row))
        return
    with tempfile.TemporaryDirectory() as folder:
        if options.random:
            options.model = random_model(Path(folder))
        elif options.model == DEFAULT_MODEL:
            options.model = shipped_folder()
        compare(options)


def shipped_folder() -> str:
    from importlib.resources import files

    return str(files("askfirst") / "models" / DEFAULT_MODEL.partition("/")[2])


if __name__ == "__main__":
    main()
