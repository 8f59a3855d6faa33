"""Which GPUs this process may use, and which of them a worker sees."""

import math
import os
import shutil
import subprocess
from collections.abc import Sequence

VISIBLE = "CUDA_VISIBLE_DEVICES"
NONE = "-1"  # in that variable: no GPU


def machine_gpus() -> list[str]:
    """Names of the NVIDIA GPUs that this process may use, as CUDA_VISIBLE_DEVICES has them.

    Asks neither torch nor CUDA, which would take hold of them.
    """
    if VISIBLE in os.environ:
        names = (name.strip() for name in os.environ[VISIBLE].split(","))
        return [name for name in names if name not in ("", NONE)]
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    listed = subprocess.run([tool, "-L"], capture_output=True, text=True, check=False)
    gpus = [line for line in listed.stdout.splitlines() if line.startswith("GPU ")]
    return [str(index) for index in range(len(gpus))]


def worker_gpus(worker: int, per_worker: float, gpus: Sequence[str]) -> list[str]:
    """The GPUs of one worker, dealt in a circle.

    Args:
        worker: Its number, from 0.
        per_worker: GPUs a worker; 0.5 puts two workers on one, 0 leaves all of them to everybody.
        gpus: Those that there are.
    """
    if not gpus or per_worker == 0:
        return list(gpus)
    first, end = math.floor(worker * per_worker), math.ceil((worker + 1) * per_worker)
    return list(dict.fromkeys(gpus[index % len(gpus)] for index in range(first, end)))
