"""CPU time that the engine takes for one turn, with a model that answers at once.

Two runs of different length give the cost a turn as a slope, so that start-up does not count:

    python -m benchmarks.engine_cost [--samples 1500]

Every episode lasts three turns (two suggestions, then the answer). Reported is process CPU time, of
all threads, not wall-clock time: other work on the machine does not disturb it much.
"""

import argparse
import json
import tempfile
import time
from hashlib import sha256
from pathlib import Path

from askfirst.engine.run import plan_run, run

TURNS = 3


def write_suite(root: Path, samples: int) -> Path:
    """A suite of drawings of three frames, all with the same pictures."""
    from PIL import Image

    from askfirst.suites.pixels import pixel_sha256

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=1500)
    few, many = 50, parser.parse_args().samples
    cpu_seconds(10)  # what is loaded on first use
    short, long = cpu_seconds(few), cpu_seconds(many)
    cost = 1000 * (long - short) / ((many - few) * TURNS)
    print(f"{few} samples: {short:.2f} s CPU; {many} samples: {long:.2f} s CPU")
    print(f"{cost:.2f} ms CPU a turn beyond start-up ({TURNS} turns a sample)")


if __name__ == "__main__":
    main()
