"""The bundled scripts are the ones that their README names."""

import hashlib
import re
from importlib.resources import files

import pytest

VENDOR = files("askfirst.report").joinpath("vendor")
STATED = re.findall(
    r"\| `([\w.]+\.js)` \|.*`(LICENSE-\w+)` \| `([0-9a-f]{64})` \|",
    VENDOR.joinpath("README.md").read_text("utf-8"),
)


def test_every_bundled_script_is_stated() -> None:
    assert {name for name, _, _ in STATED} == {
        file.name for file in VENDOR.iterdir() if file.name.endswith(".js")
    }


@pytest.mark.parametrize(("name", "licence", "sha256"), STATED)
def test_a_bundled_script_is_unchanged_and_fits_into_a_page(
    name: str, licence: str, sha256: str
) -> None:
    content = VENDOR.joinpath(name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == sha256
    assert b"</script" not in content
    assert VENDOR.joinpath(licence).is_file()
