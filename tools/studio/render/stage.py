"""Small functions over Blender's Python module: scene, things, picture, exact object mask.

This module and the makers that the worker loads are the only ones that import `bpy`. Lengths are
metres, angles degrees, colours linear RGB in [0, 1]. Everything is deterministic: fixed seed, no
adaptive sampling, one thread.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix, Vector
from numpy.typing import NDArray
from PIL import Image

Colour = tuple[float, float, float]
Point = tuple[float, float, float]
Y_UP = Matrix(((1, 0, 0, 0), (0, 0, -1, 0), (0, 1, 0, 0), (0, 0, 0, 1)))  # from y up to z up


@dataclass(frozen=True, slots=True)
class Quality:
    """Picture size in pixels, samples a pixel, light bounces and exposure in stops."""

    width: int
    height: int
    samples: int = 8
    bounces: int = 3
    exposure: float = -0.3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded model: its root (move and turn this), its meshes, its size before turning."""

    root: Any
    parts: tuple[Any, ...]
    size: Point


# ---------------------------------------------------------------------------------------- scene


def empty_scene(quality: Quality) -> Any:
    """A new empty scene set up for Cycles on one CPU thread with denoising; returns the scene."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.seed = quality.seed
    cycles.samples = quality.samples
    cycles.use_adaptive_sampling = False
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_prefilter = "FAST"
    cycles.denoising_quality = "FAST"
    cycles.max_bounces = quality.bounces
    cycles.transparent_max_bounces = 8
    cycles.caustics_reflective = cycles.caustics_refractive = False
    render = scene.render
    render.threads_mode, render.threads = "FIXED", 1
    render.use_persistent_data = True
    render.resolution_x, render.resolution_y = quality.width, quality.height
    render.resolution_percentage = 100
    render.image_settings.file_format = "PNG"
    render.image_settings.color_mode = "RGB"
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.view_settings.exposure = quality.exposure
    scene.world = bpy.data.worlds.new("world")
    scene.world.use_nodes = True
    sky((0.75, 0.8, 0.9), 0.45)
    return scene


def sky(colour: Colour, strength: float) -> None:
    """Even light from all around."""
    background = bpy.context.scene.world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (*colour, 1.0)
    background.inputs["Strength"].default_value = strength


def area_light(
    at: Point, target: Point, size: float, watts: float, colour: Colour = (1, 1, 1)
) -> Any:
    """A square lamp at `at` that looks towards `target`."""
    light = bpy.data.lights.new("area", "AREA")
    light.energy, light.size, light.color = watts, size, colour
    return _link_looking(bpy.data.objects.new("area", light), at, target)


def point_light(at: Point, watts: float, colour: Colour = (1, 1, 1), radius: float = 0.03) -> Any:
    """A small round lamp."""
    light = bpy.data.lights.new("point", "POINT")
    light.energy, light.color, light.shadow_soft_size = watts, colour, radius
    return _link_looking(bpy.data.objects.new("point", light), at, (at[0], at[1], at[2] - 1))


def lamps() -> list[Any]:
    """The scene's lamps."""
    return [thing for thing in bpy.context.scene.objects if thing.type == "LIGHT"]


def sun_light(elevation: float, azimuth: float, strength: float, colour: Colour = (1, 1, 1)) -> Any:
    """Sunlight from `elevation` degrees above the horizon; azimuth 0 is behind the camera (−y)."""
    light = bpy.data.lights.new("sun", "SUN")
    light.energy, light.angle, light.color = strength, 0.02, colour
    up, round_ = math.radians(elevation), math.radians(azimuth)
    at = (math.cos(up) * math.sin(round_), -math.cos(up) * math.cos(round_), math.sin(up))
    return _link_looking(bpy.data.objects.new("sun", light), at, (0, 0, 0))


def camera(at: Point, target: Point, lens: float = 45.0) -> Any:
    """The scene's camera, with a lens in millimetres on a 36 mm wide sensor."""
    thing = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    thing.data.lens = lens
    bpy.context.scene.camera = _link_looking(thing, at, target)
    return thing


def look_at(thing: Any, at: Point, target: Point) -> None:
    """Puts a camera or lamp at `at`, looking towards `target`."""
    thing.location = at
    direction = Vector(target) - Vector(at)
    thing.rotation_euler = direction.to_track_quat("-Z", "Y").to_euler()


def _link_looking(thing: Any, at: Point, target: Point) -> Any:
    bpy.context.collection.objects.link(thing)
    look_at(thing, at, target)
    return thing


# ------------------------------------------------------------------------------------ materials


def plain(colour: Colour, roughness: float = 0.6, metallic: float = 0.0) -> Any:
    """A material of one colour."""
    material, shader = _principled("plain", roughness)
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    shader.inputs["Metallic"].default_value = metallic
    return material


def mottled(
    light: Colour,
    dark: Colour,
    scale: float,
    stretch: Point = (1, 1, 1),
    roughness: float = 0.5,
    bump: float = 0.0,
) -> Any:
    """A material between two colours after a noise; stretched along one axis it looks like wood."""
    material, shader = _principled("mottled", roughness)
    nodes, link = material.node_tree.nodes, material.node_tree.links.new
    place, mapping = nodes.new("ShaderNodeTexCoord"), nodes.new("ShaderNodeMapping")
    noise, ramp = nodes.new("ShaderNodeTexNoise"), nodes.new("ShaderNodeValToRGB")
    mapping.inputs["Scale"].default_value = stretch
    noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = scale, 6
    ramp.color_ramp.elements[0].position, ramp.color_ramp.elements[1].position = 0.3, 0.7
    ramp.color_ramp.elements[0].color = (*light, 1.0)
    ramp.color_ramp.elements[1].color = (*dark, 1.0)
    link(place.outputs["Object"], mapping.inputs["Vector"])
    link(mapping.outputs["Vector"], noise.inputs["Vector"])
    link(noise.outputs["Fac"], ramp.inputs["Fac"])
    link(ramp.outputs["Color"], shader.inputs["Base Color"])
    if bump:
        bumps = nodes.new("ShaderNodeBump")
        bumps.inputs["Strength"].default_value = bump
        link(noise.outputs["Fac"], bumps.inputs["Height"])
        link(bumps.outputs["Normal"], shader.inputs["Normal"])
    return material


def wood(light: Colour, dark: Colour, roughness: float = 0.45) -> Any:
    """Grained wood whose grain runs along x."""
    return mottled(light, dark, 5.0, (1, 9, 1), roughness, bump=0.05)


def pictured(picture: Path, roughness: float = 0.35) -> Any:
    """A material that shows a picture (kept in memory) over the mesh's texture coordinates."""
    material, shader = _principled("pictured", roughness)
    texture = material.node_tree.nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.load(str(picture))
    texture.image.pack()
    material.node_tree.links.new(texture.outputs["Color"], shader.inputs["Base Color"])
    return material


def see_through(
    colour: Colour = (0.9, 0.95, 1.0), opacity: float = 0.25, roughness: float = 0.08
) -> Any:
    """Thin clear glass or water: part glossy surface, part plain view of what lies behind."""
    material, shader = _principled("see_through", roughness)
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    shader.inputs["Alpha"].default_value = opacity
    return material


def glowing(colour: Colour, strength: float) -> Any:
    """A material that gives light of its own."""
    material, shader = _principled("glowing", 0.5)
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    shader.inputs["Emission Color"].default_value = (*colour, 1.0)
    shader.inputs["Emission Strength"].default_value = strength
    return material


def _principled(name: str, roughness: float) -> tuple[Any, Any]:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    shader = material.node_tree.nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value = roughness
    return material, shader


# --------------------------------------------------------------------------------------- things


def box(size: Point, centre: Point, material: Any, bevel: float = 0.0, turn: float = 0.0) -> Any:
    """A box with its edges rounded by `bevel` and turned about the vertical."""
    bpy.ops.mesh.primitive_cube_add(size=1.0, location=centre)
    thing = bpy.context.object
    thing.scale = size
    bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
    thing.rotation_euler[2] = math.radians(turn)
    if bevel:
        rounding = thing.modifiers.new("bevel", "BEVEL")
        rounding.width, rounding.segments = bevel, 3
    thing.data.materials.append(material)
    return thing


def cylinder(
    radius: float,
    height: float,
    centre: Point,
    material: Any,
    top_radius: float | None = None,
    vertices: int = 48,
) -> Any:
    """An upright cylinder, or a cone cut off at `top_radius`."""
    bpy.ops.mesh.primitive_cone_add(
        radius1=radius,
        radius2=radius if top_radius is None else top_radius,
        depth=height,
        location=centre,
        vertices=vertices,
    )
    return _smooth(material)


def ball(radius: float, centre: Point, material: Any, scale: Point = (1, 1, 1)) -> Any:
    """A sphere, stretched by `scale`."""
    bpy.ops.mesh.primitive_uv_sphere_add(radius=radius, location=centre, segments=48, ring_count=24)
    thing = _smooth(material)
    thing.scale = scale
    return thing


def _smooth(material: Any) -> Any:
    thing = bpy.context.object
    thing.data.materials.append(material)
    bpy.ops.object.shade_auto_smooth(angle=math.radians(40))
    return thing


def empty() -> Any:
    """A thing without a shape that others can be attached to."""
    thing = bpy.data.objects.new("empty", None)
    bpy.context.collection.objects.link(thing)
    return thing


def attach(root: Any, things: Sequence[Any]) -> None:
    """Makes things move and turn with `root`, which stands unturned at the origin."""
    for thing in things:
        thing.parent = root


def panel(width: float, height: float, distance: float, angle: float, material: Any) -> Any:
    """An upright rectangle on the floor, `distance` from the axis; angle 0 faces −y, 90 +x."""
    turn = math.radians(angle)
    right, out = (math.cos(turn), math.sin(turn)), (math.sin(turn), -math.cos(turn))
    points = [
        (out[0] * distance + right[0] * x, out[1] * distance + right[1] * x, z)
        for x, z in ((-width / 2, 0), (width / 2, 0), (width / 2, height), (-width / 2, height))
    ]
    return _sheet([points], [[(0, 0), (1, 0), (1, 1), (0, 1)]], material)


def arc(
    radius: float, height: float, bottom: float, start: float, end: float, material: Any
) -> Any:
    """A part of a cylinder's wall from `start` to `end` degrees; angle 0 faces −y, 90 +x."""
    steps = max(2, math.ceil((end - start) / 4))
    quads, places = [], []
    for i in range(steps):
        u, v = i / steps, (i + 1) / steps
        turns = [math.radians(start + share * (end - start)) for share in (u, v)]
        (x0, y0), (x1, y1) = ((radius * math.sin(t), -radius * math.cos(t)) for t in turns)
        top = bottom + height
        quads.append([(x0, y0, bottom), (x1, y1, bottom), (x1, y1, top), (x0, y0, top)])
        places.append([(u, 0), (v, 0), (v, 1), (u, 1)])
    return _sheet(quads, places, material)


def wedge(
    radius: float, height: float, bottom: float, start: float, end: float, material: Any
) -> Any:
    """A piece of a cake from `start` to `end` degrees (fewer than 360); angle 0 faces −y."""
    steps = max(2, math.ceil((end - start) / 5))
    turns = [math.radians(start + i / steps * (end - start)) for i in range(steps + 1)]
    rim = [(0.0, 0.0)] + [(radius * math.sin(t), -radius * math.cos(t)) for t in turns]
    n = len(rim)
    points = [(x, y, z) for z in (bottom, bottom + height) for x, y in rim]
    fans = [(0, i, i + 1) for i in range(1, n - 1)]
    faces = [tuple(reversed(fan)) for fan in fans] + [tuple(n + i for i in fan) for fan in fans]
    faces += [(i, (i + 1) % n, n + (i + 1) % n, n + i) for i in range(n)]
    mesh = bpy.data.meshes.new("wedge")
    mesh.from_pydata(points, [], faces)
    mesh.materials.append(material)
    thing = bpy.data.objects.new("wedge", mesh)
    bpy.context.collection.objects.link(thing)
    return thing


def _sheet(quads: list[list[Point]], places: list[list[tuple[float, float]]], material: Any) -> Any:
    """A mesh of four-cornered faces with texture coordinates."""
    mesh = bpy.data.meshes.new("sheet")
    points = [point for quad in quads for point in quad]
    mesh.from_pydata(points, [], [range(4 * i, 4 * i + 4) for i in range(len(quads))])
    layer = mesh.uv_layers.new()
    for i, place in enumerate(place for quad in places for place in quad):
        layer.data[i].uv = place
    mesh.materials.append(material)
    thing = bpy.data.objects.new("sheet", mesh)
    bpy.context.collection.objects.link(thing)
    return thing


def load_model(
    path: Path,
    longest: float | None = None,
    height: float | None = None,
    at: Point = (0, 0, 0),
    turn: float = 0.0,
    axes: Sequence[float] = (),
) -> Model:
    """Loads an OBJ file, scaled to its `longest` side or to its `height`, standing centred on `at`.

    `axes` is the rotation (3×3, row by row, in the file's frame with y up) that the packs'
    catalogues name `modelRotation`.
    """
    before = set(bpy.data.objects)
    bpy.ops.wm.obj_import(filepath=str(path), forward_axis="NEGATIVE_Z", up_axis="Y")
    parts = tuple(o for o in bpy.data.objects if o not in before and o.type == "MESH")
    root = bpy.data.objects.new("root", None)
    bpy.context.collection.objects.link(root)
    bpy.context.view_layer.update()
    for part in parts if axes else ():
        rows = Matrix([axes[0:3], axes[3:6], axes[6:9]]).to_4x4()
        part.matrix_world = Y_UP @ rows @ Y_UP.inverted() @ part.matrix_world
    corners = np.array([o.matrix_world @ Vector(corner) for o in parts for corner in o.bound_box])
    low, high = corners.min(0), corners.max(0)
    size = high - low
    scale = height / size[2] if height else (longest or size.max()) / size.max()
    centre = Vector(((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]))
    for part in parts:
        part.parent = root
        part.matrix_world = Matrix.Translation(-centre) @ part.matrix_world
    root.scale = (scale,) * 3
    root.location, root.rotation_euler[2] = at, math.radians(turn)
    _calm_gloss(parts)
    return Model(root, parts, tuple(float(s * scale) for s in size))


def _calm_gloss(parts: Sequence[Any]) -> None:
    """Keeps the roughness above a quarter (old MTL files ask for mirrors); fills empty slots."""
    for part in parts:
        for slot in part.material_slots:
            if slot.material is None:
                slot.material = plain((0.7, 0.7, 0.7))
            shader = slot.material.node_tree.nodes.get("Principled BSDF")
            if shader and not shader.inputs["Roughness"].is_linked:
                rough = shader.inputs["Roughness"]
                rough.default_value = max(0.25, 0.8 * rough.default_value)


def hide(things: Sequence[Any], hidden: bool = True) -> None:
    """Leaves things out of the picture (their shadows too), or brings them back."""
    for thing in things:
        thing.hide_render = hidden


# ------------------------------------------------------------------------------------- pictures


def render(path: Path) -> None:
    """Renders the scene to a PNG file; the file appears only when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.stem}.part.png")
    bpy.context.scene.render.filepath = str(part)
    bpy.ops.render.render(write_still=True)
    part.replace(path)


class Masks:
    """Renders which group of objects is seen at each pixel centre; made by `masking`."""

    def look(self) -> NDArray[np.uint8]:
        """Array (height, width): 0 where nothing of the groups is seen, i where group i − 1 is."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "mask.png")
            render(path)
            with Image.open(path) as picture:
                return np.asarray(picture.convert("RGB"))[:, :, 0] // STEP


STEP = 8  # grey levels between two groups: at most 31 groups


@contextmanager
def masking(groups: Sequence[Sequence[Any]]) -> Iterator[Masks]:
    """While open, every mesh shines in the flat level of its group and nothing else gives light.

    One ray a pixel, through its centre, no filter, no denoising: the counts are exact object
    pixels. See-through surfaces count as solid. Things may be moved and hidden between two looks;
    render pictures before or after, not inside.
    """
    scene = bpy.context.scene
    lit = [lamp for lamp in lamps() if not lamp.hide_render]
    level = {part: i + 1 for i, group in enumerate(groups) for part in group}
    meshes = [o for o in scene.objects if o.type == "MESH"]
    settings = _settings(scene)
    materials = [_flat(i * STEP / 255) for i in range(len(groups) + 1)]
    hide(lit)
    _paint(meshes, materials, level)
    _set(settings, [1, False, 0, "GAUSSIAN", 0.01, "Raw", "None", 0.0, 0.0])
    world, scene.world = scene.world, None
    try:
        yield Masks()
    finally:
        scene.world = world
        _set(settings, [old for _, _, old in settings])
        for thing in meshes:
            for slot in thing.material_slots:
                slot.link = "DATA"
        hide(lit, False)


def _paint(meshes: Sequence[Any], materials: Sequence[Any], level: dict[Any, int]) -> None:
    for thing in meshes:
        if not thing.material_slots:
            thing.data.materials.append(plain((0.7, 0.7, 0.7)))
        for slot in thing.material_slots:
            slot.link = "OBJECT"
            slot.material = materials[level.get(thing, 0)]


def _flat(value: float) -> Any:
    material = bpy.data.materials.new("flat")
    material.use_nodes = True
    nodes = material.node_tree.nodes
    shine = nodes.new("ShaderNodeEmission")
    shine.inputs["Color"].default_value = (value, value, value, 1.0)
    material.node_tree.links.new(shine.outputs[0], nodes["Material Output"].inputs["Surface"])
    return material


def _settings(scene: Any) -> list[tuple[Any, str, Any]]:
    names = [
        (scene.cycles, "samples"),
        (scene.cycles, "use_denoising"),
        (scene.cycles, "max_bounces"),
        (scene.cycles, "pixel_filter_type"),
        (scene.cycles, "filter_width"),
        (scene.view_settings, "view_transform"),
        (scene.view_settings, "look"),
        (scene.view_settings, "exposure"),
        (scene.render, "dither_intensity"),  # or grey levels flicker by one and groups mix
    ]
    return [(owner, name, getattr(owner, name)) for owner, name in names]


def _set(settings: Sequence[tuple[Any, str, Any]], values: Sequence[Any]) -> None:
    for (owner, name, _), value in zip(settings, values, strict=True):
        setattr(owner, name, value or "None" if name == "look" else value)
