"""Models for tests of workers: installed as a package, so that every new process finds them."""

from pathlib import Path

MODULE = '''
import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi

DELAY = 0.1


class Patient(ModelAPI):
    """Takes its time, then says `Boat.`

    While the file that TROUBLE names is there, `patient/deadly` kills its process and
    `patient/faulty` fails; `patient/parent` starts a process that stays unless somebody ends it.
    """

    async def generate(self, input, tools, tool_choice, config):
        await asyncio.sleep(DELAY)
        if Path(os.environ.get("TROUBLE", "/nowhere")).exists():
            if self.model_name == "deadly":
                os.kill(os.getpid(), signal.SIGKILL)
            if self.model_name == "faulty":
                raise RuntimeError("the server fell over")
        if self.model_name == "parent" and not hasattr(self, "child"):
            self.child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        output = ModelOutput.from_content("patient", "Boat.")
        output.usage = ModelUsage(input_tokens=0, output_tokens=0, total_tokens=0)
        return output


@modelapi(name="patient")
def patient():
    return Patient
'''


def write_package(root: Path) -> Path:
    """Write the package into a folder, which is to be put on PYTHONPATH."""
    info = root / "askfirst_patient-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: askfirst-patient\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[inspect_ai]\naskfirst_patient = askfirst_patient\n")
    (root / "askfirst_patient.py").write_text(MODULE)
    return root
