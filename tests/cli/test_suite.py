"""`askfirst suite verify`."""

import json
from pathlib import Path

from tests.command import Command
from tests.tiny_suite import rewrite_manifest


def test_a_whole_suite_is_well(askfirst: Command, tiny_suite: Path) -> None:
    result = askfirst("suite", "verify", tiny_suite)
    assert result.code == 0
    assert "all is well (14 samples of 7 scenarios, 35 pictures)" in result.out


def test_one_flipped_byte_names_the_file(askfirst: Command, own_suite: Path) -> None:
    file = own_suite / "rod" / "5.webp"
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    (own_suite / "cit" / "2.webp").unlink()
    result = askfirst("suite", "verify", own_suite)
    assert result.code == 1
    assert len(result.out.splitlines()) == 2
    assert "rod/5.webp is broken" in result.out
    assert "cit/2.webp is missing" in result.out


def test_other_pixels_are_found_even_if_the_bytes_agree(askfirst: Command, own_suite: Path) -> None:
    pictures = json.loads((own_suite / "suite.json").read_text())["pictures"]
    pictures["rod/5.webp"]["pixels"] = "0" * 64
    rewrite_manifest(own_suite, pictures=pictures)
    result = askfirst("suite", "verify", own_suite)
    assert result.code == 1
    assert "rod/5.webp decodes to other pixels" in result.out
