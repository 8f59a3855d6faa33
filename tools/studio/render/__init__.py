"""Pictures rendered with Blender (bpy); bpy is imported by `stage` and `worker` alone."""
