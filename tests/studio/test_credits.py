from tools.studio.credits import LICENCES, Credit, catalogue, used_models

TEXT = """# a catalogue
name=Pack
name#1=Teddy bear
model#1=/pack/teddyBear/teddyBear.obj
creator#1=Ann
name#2=Rock
model#2=/pack/rock/rock.obj
"""


def test_a_catalogue_tells_name_and_creator_of_each_model_folder() -> None:
    assert catalogue(TEXT) == {"teddyBear": ("Teddy bear", "Ann"), "rock": ("Rock", "unknown")}


def test_every_used_model_is_of_a_pack_whose_licence_is_known() -> None:
    assert {pack for pack, _ in used_models()} <= set(LICENCES)
    assert Credit("Scopia", "Scopia", "Hat").licence == "CC-BY-3.0"
