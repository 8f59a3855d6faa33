"""Rooms and yards furnished by rule from a seed, for the scenarios COCO and VSOD."""
