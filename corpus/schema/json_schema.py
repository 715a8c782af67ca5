"""Exports the JSON Schema that editors use to complete and check a paper's file; names are offered, not enforced."""

from __future__ import annotations

import json
from typing import Any

from corpus.schema.paper import PaperFile
from corpus.schema.places import default_folder
from corpus.schema.vocabulary import read_names

HEAD = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A paper of the prunebase corpus",
}
ONE_OR_MANY = (
    "added",
    "aliases",
    "from",
    "dataset",
    "architecture",
    "method",
    "where",
    "survey_row",
    "milestones",
    "factor",
    "measures",
    "printed",
)


def schema() -> dict[str, Any]:
    """The JSON Schema of papers/<key>.yaml, as a plain YAML tool sees such a file (with numbers and flags typed)."""
    made: dict[str, Any] = HEAD | _tidied(PaperFile.model_json_schema(by_alias=True), "")
    names, _ = read_names(default_folder() / "vocabulary", "vocabulary")
    made["properties"]["venue"]["examples"] = list(names.venues.entries)
    for kind in ("Block", "ReproducedBlock", "QuotedBlock"):
        block = made["$defs"][kind]["properties"]
        block["dataset"]["examples"] = list(names.datasets.entries)
        block["architecture"]["examples"] = list(names.architectures.entries)
    recipe = made["properties"]["recipe"]
    recipes, study = recipe.pop("oneOf")
    recipe["anyOf"] = [recipes["items"], recipes, study | {"required": ["study"]}]
    return made


def schema_text() -> str:
    """The schema as it stands in corpus/schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def _tidied(node: Any, key: str) -> Any:
    """Without pydantic's titles, defaults and nulls (an absent key is left out); lists that may be written as one."""
    if isinstance(node, list):
        return [_tidied(item, "") for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        name: _tidied(value, name)
        for name, value in node.items()
        if not (name in ("title", "default") and not isinstance(value, dict))
    }
    options = [option for option in kept.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        kept = {name: value for name, value in kept.items() if name != "anyOf"}
        kept = options[0] | kept if "$ref" not in options[0] else kept | options[0]
    elif options:
        kept["anyOf"] = options
    if key in ONE_OR_MANY and kept.get("type") == "array":
        described = {"description": kept.pop("description")} if "description" in kept else {}
        kept = {"anyOf": [kept["items"], kept], **described}
    return kept


def main() -> None:
    """Writes corpus/schema.json."""
    (default_folder() / "schema.json").write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
