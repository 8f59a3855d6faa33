"""A suite's description in Croissant 1.0, a machine-readable format for data sets.

https://docs.mlcommons.org/croissant/docs/croissant-spec.html
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from askfirst.suites.manifest import MANIFEST_NAME, read_manifest

FILE_NAME = "croissant.json"

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}

FIELDS = {
    "id": ("sc:Integer", "Number of the sample."),
    "prompt": ("sc:Text", "The question."),
    "answer": ("sc:Text", "The correct category."),
    "cluster": ("sc:Text", "What samples share: a scene, an object, a photograph."),
    "image_template": ("sc:Text", "Path of the pictures, with a slot for the frame."),
}
"""Fields that every scenario's records have and that are neither lists nor objects."""


def description(root: Path) -> dict[str, Any]:
    """The Croissant description of a suite's folder."""
    manifest = read_manifest(root)
    files = {MANIFEST_NAME: "application/json"}
    files |= {entry.path: "application/jsonlines" for entry in manifest.samples.values()}
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": manifest.name,
        "version": f"{manifest.version}.0.0",
        "description": f"{manifest.title}: samples in which a picture shows too little until "
        "somebody asks, every frame labelled with the evidence it shows.",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "url": "https://pypi.org/project/askfirst/",
        "citeAs": "AskFirst studio suite, after De Min, Roy, Lathuilière, Ricci, Mancini: "
        "ProactiveBench, arXiv:2603.19466",
        "creator": {"@type": "sc:Organization", "name": "The AskFirst team"},
        "datePublished": "2026-11-22",
        "distribution": [_file(root, name, media) for name, media in files.items()]
        + [
            {
                "@type": "cr:FileSet",
                "@id": "pictures",
                "name": "pictures",
                "encodingFormat": "image/webp",
                "includes": "**/*.webp",
            }
        ],
        "recordSet": [_records(key, entry.path) for key, entry in manifest.samples.items()],
    }


def _file(root: Path, name: str, media_type: str) -> dict[str, Any]:
    content = (root / name).read_bytes()
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "contentSize": f"{len(content)} B",
        "encodingFormat": media_type,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _records(key: str, file: str) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": key,
        "name": key,
        "key": {"@id": f"{key}/id"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{key}/{name}",
                "name": name,
                "description": text,
                "dataType": kind,
                "source": {"fileObject": {"@id": file}, "extract": {"column": name}},
            }
            for name, (kind, text) in FIELDS.items()
        ],
    }


def write_description(root: Path) -> None:
    """Write `croissant.json` beside a suite's manifest."""
    text = json.dumps(description(root), indent=1, ensure_ascii=False) + "\n"
    (root / FILE_NAME).write_text(text, "utf-8")
