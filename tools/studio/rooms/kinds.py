"""The kinds of rooms and yards: what may stand in them, where, and how they look."""

from dataclasses import dataclass

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Stage:
    """Size of the place and where the camera stands; metres.

    Attributes:
        eye, target, lens: Camera, the point it looks at, focal length in mm (36 mm sensor).
        wall: Distance (y) of the back wall, or of the last row in a yard.
        across: Left and right end of the furnished part.
        along: Nearest and farthest y of things that stand free.
        hung: Lowest and highest middle of things that hang on the wall.
        ceiling: Height at which lamps hang.
        outdoor: Sky and ground in place of wall and floor.
    """

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    lens: float
    wall: float
    across: tuple[float, float]
    along: tuple[float, float]
    hung: tuple[float, float]
    ceiling: float
    outdoor: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing, or several alike, to be placed.

    Attributes:
        zone: "wall" (in the last row), "floor", "hung", "ceiling" or "on" (on top of something).
        things: Keys to draw from.
        least, most: How many alike are placed.
        turn: Largest turn to either side in degrees.
        support: Family of the things that an "on" slot stands on.
    """

    zone: str
    things: tuple[str, ...]
    least: int = 1
    most: int = 1
    turn: float = 0.0
    support: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place.

    Attributes:
        name: Unique name.
        place: What a person calls it.
        stage: Its geometry.
        slots: What is placed, in this order.
        telling: Families of things that tell the place; empty where nothing does.
        walls, floors: Palettes (linear RGB, two tones for a floor).
    """

    name: str
    place: str
    stage: Stage
    slots: tuple[Slot, ...]
    telling: tuple[str, ...]
    walls: tuple[Colour, ...]
    floors: tuple[tuple[Colour, Colour], ...]


ROOM = Stage((0, -3.6, 1.5), (0, 1, 0.8), 32, 1.9, (-2.95, 2.95), (-0.8, 1.0), (1.55, 1.8), 2.6)
YARD = Stage(
    (0, -5.2, 1.9), (0, 1, 0.5), 32, 3.6, (-4.4, 4.4), (-1.9, 2.2), (1.5, 1.8), 2.6, outdoor=True
)
TABLE = Stage(
    (0, -1.15, 0.5), (0, 0.12, 0.08), 32, 0.6, (-0.8, 0.8), (-0.34, 0.32), (0.3, 0.4), 0.6
)
PICNIC = Stage(
    (0, -1.15, 0.5),
    (0, 0.12, 0.08),
    32,
    0.6,
    (-0.8, 0.8),
    (-0.34, 0.32),
    (0.3, 0.4),
    0.6,
    outdoor=True,
)

PLASTER: tuple[Colour, ...] = (
    (0.62, 0.66, 0.62),
    (0.8, 0.77, 0.68),
    (0.55, 0.62, 0.68),
    (0.74, 0.6, 0.5),
    (0.7, 0.7, 0.72),
    (0.5, 0.6, 0.5),
    (0.78, 0.68, 0.5),
    (0.42, 0.5, 0.58),
)
WOOD = (
    ((0.45, 0.3, 0.18), (0.33, 0.2, 0.11)),
    ((0.3, 0.17, 0.09), (0.2, 0.11, 0.06)),
    ((0.6, 0.46, 0.3), (0.48, 0.35, 0.22)),
)
STONE = (
    ((0.7, 0.68, 0.62), (0.6, 0.58, 0.53)),
    ((0.32, 0.36, 0.4), (0.26, 0.3, 0.33)),
    ((0.5, 0.36, 0.28), (0.42, 0.3, 0.23)),
)
CONCRETE = (((0.42, 0.42, 0.41), (0.34, 0.34, 0.33)), ((0.36, 0.33, 0.3), (0.28, 0.26, 0.24)))
GRASS = (((0.14, 0.3, 0.06), (0.09, 0.2, 0.04)), ((0.2, 0.3, 0.08), (0.12, 0.22, 0.05)))
PAVING = (((0.45, 0.42, 0.38), (0.36, 0.33, 0.3)), ((0.5, 0.4, 0.32), (0.4, 0.31, 0.25)))


def _wall(things: str, least: int = 1, most: int = 1) -> Slot:
    return Slot("wall", tuple(things.split()), least, most)


def _floor(things: str, least: int = 1, most: int = 1, turn: float = 35.0) -> Slot:
    return Slot("floor", tuple(things.split()), least, most, turn)


def _hung(things: str) -> Slot:
    return Slot("hung", tuple(things.split()))


def _ceiling(things: str) -> Slot:
    return Slot("ceiling", tuple(things.split()))


def _on(support: str, things: str, least: int = 1, most: int = 1, turn: float = 30.0) -> Slot:
    return Slot("on", tuple(things.split()), least, most, turn, support)


KINDS: tuple[Kind, ...] = (
    Kind(
        "living_room",
        "Living room",
        ROOM,
        (
            _wall("sofa_leather sofa_beige sofa_futon"),
            _wall("fireplace upright_piano tv_stand bookcase"),
            _wall("fireplace tv_stand upright_piano"),
            _wall("floor_lamp yucca palm_pot ficus christmas_tree"),
            _wall("ficus palm_pot bush_pot bookcase"),
            _floor("coffee_table round_table", turn=8),
            _on("table", "tulips vase chessboard fruit_bowl teapot orchids"),
            _on("table", "candle apples bonsai jug"),
            _on("tv stand", "tv", turn=0),
            _floor("cat bulldog dog", turn=60),
            _floor("basketball rocking_horse electric_guitar beanbag", turn=40),
            _floor("armchair_leather armchair_black lounge_chair", turn=30),
            _ceiling("chandelier hanging_lamp"),
            _hung("cuckoo_clock"),
            _floor("soccer_ball slippers wicker_basket gift", 1, 3, turn=50),
        ),
        ("sofa", "fireplace", "tv", "tv stand"),
        PLASTER,
        WOOD,
    ),
    Kind(
        "kitchen",
        "Kitchen",
        ROOM,
        (
            _wall("fridge fridge_steel fridge_small"),
            _wall("stove double_oven stove_gas"),
            _wall("sink_cabinet sink_small"),
            _wall("cabinet_wood cabinet_lower cabinet_drawers"),
            _wall("dustbin wheelie_bin broom"),
            _on("cabinet", "microwave coffee_maker toaster blender", turn=10),
            _hung("range_hood"),
            _floor("dining_table round_table cloth_table", turn=8),
            _on("table", "fruit_bowl birthday_cake roast_chicken salad cooking_pot", turn=20),
            _on("table", "wine_bottle jug kettle tulips teapot", turn=30),
            _floor("high_chair", turn=30),
            _floor("stool_wood stool_green red_chair", 2, 4, turn=30),
            _floor("cat dog", turn=60),
            _wall("fire_extinguisher radiator"),
            _hung("cuckoo_clock"),
        ),
        ("fridge", "oven", "sink"),
        PLASTER,
        STONE,
    ),
    Kind(
        "bedroom",
        "Bedroom",
        ROOM,
        (
            _wall("bed_teal bed_child bunk_bed"),
            _wall("wardrobe wardrobe_red dresser"),
            _wall("bedside_table"),
            _on("bedside table", "table_lamp alarm_clock table_lamp_spiral", turn=5),
            _on("dresser", "radio orchids stereo vase", turn=10),
            _wall("dressing_table clothes_rack floor_lamp bush_pot"),
            _floor("suitcase backpack handbag", turn=40),
            _floor("slippers sneakers boots high_heels", 2, 3, turn=40),
            _floor("teddy_bear electric_guitar cat basketball", turn=40),
            _ceiling("hanging_lamp chandelier"),
            _floor("armchair_black beanbag plaid_chair", turn=30),
            _hung("cuckoo_clock"),
        ),
        ("bed",),
        PLASTER,
        WOOD,
    ),
    Kind(
        "bathroom",
        "Bathroom",
        ROOM,
        (
            _wall("bathtub shower island_bath"),
            _wall("toilet toilet_by"),
            _wall("washbasin washbasin_by bathroom_vanity"),
            _wall("bidet washing_machine"),
            _wall("laundry_basket bush_pot"),
            _hung("towel_rack towel_radiator"),
            _floor("potty basin laundry_basket", turn=40),
            _floor("slippers", 1, 3, turn=50),
            _floor("stool_wood stool_green", 1, 3, turn=30),
            _on("washing machine", "folded_clothes spray_bottle", turn=15),
            _floor("cat clothes_horse", turn=40),
        ),
        ("toilet", "bathtub", "shower"),
        PLASTER,
        STONE,
    ),
    Kind(
        "office",
        "Office",
        ROOM,
        (
            _wall("desk_office desk_simple desk_drawers"),
            _on("desk", "laptop", turn=10),
            _on("desk", "desk_lamp desk_lamp_red printer phone", turn=15),
            _on("desk", "mug calendar table_fan pen_holder", turn=20),
            _wall("filing_cabinet safe"),
            _wall("bookcase shelves_utility shelves_kids"),
            _wall("water_cooler whiteboard"),
            _floor("office_chair office_chair_black", 1, 3, turn=60),
            _floor("dustbin briefcase cardboard_box", 1, 2, turn=30),
            _wall("palm_pot ficus yucca"),
            _wall("fire_extinguisher radiator"),
            _floor("fan_round printer", turn=30),
            _floor("whiteboard", turn=15),
            _hung("dartboard cuckoo_clock"),
        ),
        ("desk", "whiteboard", "filing cabinet"),
        PLASTER,
        CONCRETE + WOOD,
    ),
    Kind(
        "garage",
        "Garage",
        ROOM,
        (
            _wall("workbench shelves_utility"),
            _wall("chest_freezer washing_machine wood_stove"),
            _wall("step_ladder rowboat spade"),
            _wall("wheelie_bin barrel"),
            _floor("bicycle bmx motor_scooter", turn=20),
            _floor("lawn_mower wheelbarrow", turn=40),
            _floor("traffic_cone", 2, 4, turn=0),
            _floor("crate cardboard_box plastic_crate", 1, 3, turn=30),
            _hung("handsaw basketball_hoop dartboard"),
            _floor("skateboard kick_scooter soccer_ball", turn=40),
            _wall("fire_extinguisher broom"),
            _floor("hose_reel wood_logs", turn=40),
        ),
        ("workbench", "lawn mower"),
        PLASTER,
        CONCRETE,
    ),
    Kind(
        "playroom",
        "Playroom",
        ROOM,
        (
            _wall("doll_house crib cradle"),
            _wall("shelves_kids changing_table"),
            _wall("crib football_table"),
            _floor("child_table", turn=10),
            _on("table", "toy_train xylophone", turn=10),
            _floor("rocking_horse tricycle stroller", turn=40),
            _floor("teddy_bear", turn=30),
            _floor("child_chair", 1, 3, turn=40),
            _floor("basketball soccer_ball", 1, 4, turn=90),
            _floor("potty gift high_chair", turn=30),
            _floor("beanbag doll", turn=30),
            _wall("christmas_tree floor_lamp"),
            _ceiling("hanging_lamp"),
            _floor("toy_truck rabbit", turn=50),
        ),
        ("crib", "doll house", "rocking horse"),
        PLASTER,
        WOOD,
    ),
    Kind(
        "gym",
        "Gym",
        ROOM,
        (
            _wall("treadmill fitness_tower"),
            _wall("locker", 2, 4),
            _floor("exercise_bike weight_bench", turn=50),
            _wall("punching_ball basketball_hoop"),
            _wall("water_cooler"),
            _floor("basketball soccer_ball", 2, 4, turn=90),
            _floor("weight_bench", turn=40),
            _floor("backpack sneakers", turn=40),
            _hung("tv_wall basketball_hoop"),
            _wall("fire_extinguisher dustbin"),
            _floor("kick_scooter skateboard", turn=40),
        ),
        ("treadmill", "exercise bike", "weight bench", "multi gym"),
        PLASTER,
        WOOD,
    ),
    Kind(
        "games_room",
        "Games room",
        ROOM,
        (
            _floor("pool_table football_table table_tennis", turn=12),
            _wall("pinball"),
            _wall("grand_piano upright_piano speaker"),
            _hung("dartboard"),
            _wall("speaker", 1, 2),
            _wall("electric_guitar floor_lamp"),
            _floor("stool_wood stool_green", 1, 4, turn=30),
            _wall("armchair_leather lounge_chair"),
            _floor("beanbag bulldog", turn=40),
            _ceiling("hanging_lamp"),
            _wall("yucca palm_pot"),
        ),
        ("pool table", "table football", "pinball", "table tennis"),
        PLASTER,
        WOOD,
    ),
    Kind(
        "laundry_room",
        "Laundry room",
        ROOM,
        (
            _wall("washing_machine"),
            _wall("dryer"),
            _wall("shelves_utility clothes_rack"),
            _wall("sink_cabinet sink_small"),
            _floor("clothes_horse", turn=20),
            _on("washing machine", "folded_clothes wicker_basket", turn=10),
            _floor("laundry_basket wicker_basket", 1, 3, turn=20),
            _wall("broom step_ladder"),
            _floor("basin", turn=20),
            _hung("towel_radiator towel_rack"),
            _floor("cat", turn=60),
            _wall("dustbin fire_extinguisher"),
        ),
        ("washing machine", "clothes horse"),
        PLASTER,
        STONE,
    ),
    Kind(
        "playground",
        "Playground",
        YARD,
        (
            _wall("slide"),
            _wall("swing swing_wood"),
            _floor("sandpit trampoline", turn=30),
            _floor("seesaw", turn=25),
            _floor("spring_rider tricycle", turn=40),
            _floor("bench_park bench_white", turn=15),
            _wall("football_goal lamp_post"),
            _floor("park_bin", turn=0),
            _floor("soccer_ball basketball", 1, 3, turn=90),
            _floor("bmx kick_scooter stroller", turn=40),
            _floor("dog", turn=60),
        ),
        ("slide", "swing", "seesaw"),
        PLASTER,
        GRASS,
    ),
    Kind(
        "garden",
        "Garden",
        YARD,
        (
            _wall("garden_hut"),
            _wall("bush"),
            _floor("fountain", turn=0),
            _floor("parasol hammock", turn=20),
            _floor("deck_chair sun_lounger", 1, 2, turn=40),
            _floor("dog_house", turn=30),
            _floor("wheelbarrow lawn_mower", turn=50),
            _floor("lawn_mower hose_reel", turn=40),
            _floor("chicken rabbit", 2, 4, turn=80),
            _floor("dog stone_lantern", turn=60),
            _floor("flower_box", 1, 3, turn=20),
            _floor("barrel mailbox", turn=10),
        ),
        ("shed", "lawn mower", "wheelbarrow"),
        PLASTER,
        GRASS,
    ),
    Kind(
        "terrace",
        "Terrace",
        YARD,
        (
            _wall("rattan_sofa bench_white"),
            _wall("bush"),
            _floor("jacuzzi", turn=0),
            _floor("parasol", turn=0),
            _floor("sun_lounger deck_chair", 1, 2, turn=30),
            _floor("cafe_table rattan_table", turn=10),
            _on("table", "wine_bottle tulips fruit_bowl lantern_camping", turn=20),
            _floor("cafe_chair", 1, 3, turn=60),
            _floor("bush_pot palm_pot cactus", turn=30),
            _wall("palm_pot yucca"),
            _floor("flower_box", 1, 3, turn=20),
            _floor("cat barrel", turn=60),
        ),
        ("parasol", "lounger", "pool"),
        PLASTER,
        PAVING,
    ),
    Kind(
        "street",
        "Street",
        YARD,
        (
            _wall("lamp_post"),
            _wall("bench_park bench_white"),
            _floor("motor_scooter bicycle", turn=30),
            _floor("fire_hydrant", turn=20),
            _floor("mailbox", turn=20),
            _floor("wheelie_bin park_bin", 1, 3, turn=15),
            _floor("traffic_cone", 2, 4, turn=0),
            _floor("bicycle kick_scooter", turn=20),
            _floor("dog stroller", turn=50),
            _wall("bush"),
            _floor("suitcase cardboard_box", turn=30),
        ),
        ("hydrant", "lamp post", "mailbox"),
        PLASTER,
        CONCRETE,
    ),
    Kind(
        "campsite",
        "Campsite",
        YARD,
        (
            _wall("camping_tent"),
            _floor("rowboat hammock", turn=30),
            _floor("folding_chair camp_stool", 2, 4, turn=40),
            _floor("sleeping_bag", turn=40),
            _floor("wood_logs", turn=40),
            _floor("lantern_camping", turn=0),
            _floor("backpack suitcase", 1, 3, turn=40),
            _floor("bmx bicycle", turn=30),
            _floor("dog bulldog", turn=60),
            _floor("barrel plastic_crate", turn=30),
            _wall("bush"),
        ),
        ("tent", "sleeping bag", "firewood"),
        PLASTER,
        GRASS,
    ),
    Kind(
        "farmyard",
        "Farmyard",
        YARD,
        (
            _wall("garden_hut"),
            _floor("horse", turn=60),
            _floor("chicken", 2, 4, turn=80),
            _floor("wheelbarrow", turn=40),
            _floor("barrel crate", 1, 3, turn=20),
            _floor("dog_house", turn=30),
            _floor("dog cat rabbit", turn=60),
            _floor("spade pallet wood_logs", turn=30),
            _wall("bush"),
            _floor("plastic_crate cardboard_box", turn=30),
            _floor("bicycle", turn=25),
        ),
        ("horse", "chicken", "wheelbarrow"),
        PLASTER,
        GRASS,
    ),
    Kind(
        "kitchen_counter",
        "Kitchen counter",
        TABLE,
        (
            _wall("coffee_maker microwave mini_oven"),
            _wall("toaster blender"),
            _wall("paper_towels spice_rack"),
            _wall("knife_block utensils_pot bread_box"),
            _floor("kettle espresso_kettle french_press", turn=30),
            _floor("kitchen_scale deep_fryer cooking_pot", turn=20),
            _floor("bread chopping_board roast_chicken", turn=30),
            _floor("mug coffee_cup paper_cup", 1, 3, turn=60),
            _floor("milk_carton jug wine_bottle", turn=30),
            _floor("cupcake hamburger hot_dog", 1, 2, turn=30),
        ),
        (),
        PLASTER,
        STONE,
    ),
    Kind(
        "dining_table",
        "Dining table",
        TABLE,
        (
            _wall("wine_bottle jug vase"),
            _wall("tulips orchids bonsai"),
            _wall("candle lantern_camping"),
            _floor("birthday_cake roast_chicken", turn=30),
            _floor("salad fruit_bowl apples", turn=30),
            _floor("hamburger hot_dog", 1, 2, turn=40),
            _floor("fries steak", turn=30),
            _floor("teapot coffee_cup", turn=40),
            _floor("cupcake plastic_cup", 2, 4, turn=40),
            _floor("bread", turn=30),
            _wall("milk_carton paper_towels"),
        ),
        (),
        PLASTER,
        WOOD,
    ),
    Kind(
        "desk_top",
        "Desk",
        TABLE,
        (
            _wall("laptop printer"),
            _wall("desk_lamp desk_lamp_red"),
            _wall("phone cordless_phone table_fan"),
            _wall("radio speaker stereo"),
            _floor("camera headphones game_controller", turn=40),
            _floor("mug paper_cup", 1, 3, turn=60),
            _floor("stapler scissors adhesive_tape", turn=50),
            _floor("pen_holder calendar", turn=20),
            _floor("book newspaper tablet", turn=15),
            _floor("rubiks_cube cactus", turn=40),
            _floor("glasses sunglasses keys", turn=40),
        ),
        (),
        PLASTER,
        WOOD,
    ),
    Kind(
        "toy_table",
        "Toy table",
        TABLE,
        (
            _wall("teddy_bear"),
            _wall("doll toy_plane"),
            _wall("soccer_ball basketball"),
            _wall("gift chessboard"),
            _floor("toy_train toy_car toy_truck", turn=40),
            _floor("xylophone toy_car", turn=30),
            _floor("wooden_figure rubiks_cube", 2, 4, turn=40),
            _floor("baby_bottle", turn=0),
            _floor("toy_plane toy_truck", turn=40),
            _floor("pingpong_bat game_controller", turn=40),
        ),
        (),
        PLASTER,
        WOOD,
    ),
    Kind(
        "tool_bench",
        "Workbench",
        TABLE,
        (
            _wall("spray_bottle lantern_camping"),
            _wall("drill grinder"),
            _wall("helmet radio"),
            _wall("plastic_cup adhesive_tape"),
            _floor("hammer screwdriver pliers", turn=50),
            _floor("tape_measure flashlight", 1, 2, turn=40),
            _floor("pingpong_bat", turn=30),
            _floor("flashlight adhesive_tape", turn=50),
            _floor("handsaw screwdriver", turn=25),
            _floor("keys scissors", turn=40),
        ),
        (),
        PLASTER,
        WOOD,
    ),
    Kind(
        "wardrobe_shelf",
        "Shelf of clothes",
        TABLE,
        (
            _wall("backpack handbag briefcase"),
            _wall("hat cap helmet"),
            _wall("folded_clothes towel_folded"),
            _floor("sneakers high_heels boots", turn=30),
            _floor("cap hat", turn=40),
            _floor("sunglasses glasses", turn=30),
            _floor("slippers boots", turn=30),
            _floor("camera watch", turn=30),
            _floor("keys", turn=30),
            _wall("alarm_clock cordless_phone"),
        ),
        (),
        PLASTER,
        WOOD,
    ),
    Kind(
        "bath_shelf",
        "Bathroom shelf",
        TABLE,
        (
            _wall("paper_towels cactus"),
            _wall("toilet_paper soap_bottle"),
            _wall("orchids candle"),
            _floor("soap_bottle medicine_bottle lipstick", 1, 3, turn=30),
            _floor("hairbrush comb", turn=40),
            _floor("sponge", turn=30),
            _floor("towel_folded folded_clothes", turn=20),
            _floor("lipstick scissors", turn=40),
            _floor("glasses keys", turn=40),
            _wall("alarm_clock radio"),
        ),
        (),
        PLASTER,
        STONE,
    ),
    Kind(
        "picnic",
        "Picnic",
        PICNIC,
        (
            _wall("wicker_basket"),
            _wall("wine_bottle milk_carton"),
            _wall("lantern_camping soccer_ball"),
            _floor("fruit_bowl salad apples", turn=30),
            _floor("bread hamburger hot_dog", 1, 2, turn=40),
            _floor("plastic_cup paper_cup mug", 2, 4, turn=40),
            _floor("cupcake", 1, 3, turn=0),
            _floor("hat cap", turn=30),
            _floor("sunglasses camera", turn=30),
            _floor("pingpong_bat tennis_racket", turn=40),
        ),
        (),
        PLASTER,
        GRASS,
    ),
)
