"""`askfirst suite verify` and `askfirst suite show`."""

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


def test_show_writes_a_page_a_scenario_with_every_frame_and_its_evidence(
    askfirst: Command, tiny_suite: Path, tmp_path: Path
) -> None:
    result = askfirst("suite", "show", tiny_suite, "--out", tmp_path / "sheet")
    assert result.code == 0
    assert {file.name for file in (tmp_path / "sheet").iterdir()} == {
        f"{name}.html" for name in ("index", "ROD", "VSOD", "MVP-N", "IN-C", "QD", "CIT", "COCO")
    }
    page = (tmp_path / "sheet" / "IN-C.html").read_text("utf-8")
    assert page.count("<figure") == 2 * 4
    assert page.count("suffices") == 2 * 2
    assert "evidence 0.66" in page
    crops = (tmp_path / "sheet" / "COCO.html").read_text("utf-8")
    assert crops.count("<figure") == 2 * 3


def test_texts_of_a_suite_stay_texts_in_a_sheet(
    askfirst: Command, own_suite: Path, tmp_path: Path
) -> None:
    rewrite_manifest(own_suite, title="<script>alert(1)</script>")
    askfirst("suite", "show", own_suite, "--out", tmp_path / "sheet", "--scenario", "QD")
    page = (tmp_path / "sheet" / "QD.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
