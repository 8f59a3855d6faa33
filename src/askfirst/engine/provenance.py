"""What a run is: written beside its results, and compared when the run is taken up again."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from askfirst import __version__
from askfirst.errors import RunError
from askfirst.protocol.protocol import Protocol
from askfirst.scenarios.sample import Sample
from askfirst.suites.suite import Suite

MANIFEST_SCHEMA = "askfirst-run-1"
MANIFEST_FILE = "manifest.json"
SPEED_ARGUMENTS = frozenset(
    {"devices", "threads", "batch", "window", "offline", "timeout", "connect", "attempts", "wait"}
    | {"longest_wait", "longest_asked", "connections", "drafts", "prefixes"}
)
"""Model arguments that change how fast replies come, not what they say."""

VERSIONED = ("inspect-ai", "numpy", "pillow")


@dataclass(frozen=True)
class RunSpec:
    """Everything that decides what a run plays.

    Attributes:
        models: inspect_ai model names, without repetition.
        suite: The loaded suite.
        selection: Samples by scenario key.
        protocol: The protocol.
        seed: Seed of selection and of players that draw.
        limit: Most samples a scenario, as asked for; None for all.
        model_args: What the models' providers are told, such as a local model's batch size.
    """

    models: tuple[str, ...]
    suite: Suite
    selection: Mapping[str, tuple[Sample, ...]]
    protocol: Protocol
    seed: int
    limit: int | None
    model_args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of episodes of the run."""
        return len(self.models) * sum(len(samples) for samples in self.selection.values())

    @property
    def identity(self) -> dict[str, Any]:
        """What must agree for two runs to be one."""
        return {
            "models": list(self.models),
            "suite": {
                "name": self.suite.manifest.name,
                "version": self.suite.manifest.version,
                "sha256": self.suite.manifest.sha256,
            },
            "scenarios": {key: len(samples) for key, samples in self.selection.items()},
            "protocol": {
                "name": self.protocol.name,
                "sha256": self.protocol.sha256,
                "template_sha256": self.protocol.template.sha256,
            },
            "seed": self.seed,
            "limit": self.limit,
            "model_args": {
                name: value
                for name, value in sorted(self.model_args.items())
                if name not in SPEED_ARGUMENTS
            },
        }


def run_manifest(spec: RunSpec, command: Sequence[str]) -> dict[str, Any]:
    """The manifest of a run: what it plays, by which command, and with which versions."""
    return {
        "schema": MANIFEST_SCHEMA,
        **spec.identity,
        "suite_folder": str(spec.suite.root.resolve()),
        "skipped_records": dict(spec.suite.skipped),
        "command": list(command),
        "versions": {
            "askfirst": __version__,
            "python": platform.python_version(),
            **{name: _installed(name) for name in VERSIONED},
        },
    }


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def check_same_run(folder: Path, spec: RunSpec) -> None:
    """Make sure that the manifest in a folder is that of this run.

    Raises:
        RunError: It is another run's, or unreadable; the message names what differs.
    """
    file = folder / MANIFEST_FILE
    try:
        # Runs of the first version had no arguments, and did not say so.
        found = {"model_args": {}, **json.loads(file.read_text("utf-8"))}
        differing = [key for key, value in spec.identity.items() if found.get(key) != value]
    except (OSError, ValueError, TypeError) as error:
        raise RunError(f"{file} cannot be read as the manifest of a run: {error}") from error
    if differing:
        raise RunError(
            f"{folder} belongs to another run (different {', '.join(differing)}): choose another "
            f"--out, or --fresh to replace it"
        )
