"""The records of a run without what is nobody else's business: where files lie on this machine, and secrets."""

from __future__ import annotations

import json
import re
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LABELS = "labels"  # may look like anything
_SECRETS = re.compile(r"(?:\w+_)?(?:token|password|passwd|secret|api_key|credentials|storage_options)", re.IGNORECASE)
_TOKEN = re.compile(r"\bhf_[A-Za-z0-9]{16,}")
_CREDENTIALS = re.compile(r"(\w+://)[^\s/@]+@")
_LETTER = r"[^\s'\"<>|:;,()\[\]{}\\/]"
_PATH_WITHIN = re.compile(rf"(?<![\w./:~\\-])(?:file:/|~{_LETTER}*|[A-Za-z]:)?[\\/]+(?:{_LETTER}+[\\/]+)+({_LETTER}*)")
_ROOT_AND_TWO = 3


def copy_recipe(source: Path, target: Path) -> None:
    """Writes a recipe as others may see it: it still is the run's, its folders are those of nobody.

    Args:
        source: ``recipe.yaml`` of a run.
        target: the new file.
    """
    recipe = yaml.safe_load(source.read_text(encoding="utf-8"))
    shown = harmless(recipe)
    if isinstance(recipe.get("data"), dict) and recipe["data"].get("root") is not None:
        shown["data"]["root"] = None  # what HF_SLUICE_DATA names, as by default
    if shown.get("output") != recipe.get("output"):
        shown["output"] = f"runs/{shown['output']}"
    target.write_text(yaml.safe_dump(shown, sort_keys=False, allow_unicode=True), encoding="utf-8")


def copy_results(source: Path, target: Path) -> None:
    """Likewise ``results.json``."""
    shown = harmless(json.loads(source.read_text(encoding="utf-8")))
    target.write_text(json.dumps(shown, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def copy_metrics(source: Path, target: Path) -> None:
    """Likewise ``metrics.jsonl``; a last line that was cut off is left out."""
    *lines, _cut_off = source.read_text(encoding="utf-8").split("\n")
    shown = [json.dumps(harmless(json.loads(line)), ensure_ascii=False) + "\n" for line in lines]
    target.write_text("".join(shown), encoding="utf-8")


def harmless(value: Any) -> Any:
    """Plain values without paths of a machine, of which the last part remains, and without secrets.

    Args:
        value: of JSON or YAML. Fields named ``labels`` stay as they are.
    """
    if isinstance(value, dict):
        return _harmless_fields(value)
    if isinstance(value, list):
        return [harmless(part) for part in value]
    return _harmless_text(value) if isinstance(value, str) else value


def _harmless_fields(fields: Mapping[Any, Any]) -> dict[Any, Any]:
    return {
        name: of if name == _LABELS else harmless(of)
        for name, of in fields.items()
        if not (isinstance(of, str | dict) and _SECRETS.fullmatch(str(name)))
    }


def _harmless_text(text: str) -> str:
    path = _as_path(text)
    if path is not None:
        return path.name
    return _PATH_WITHIN.sub(r"\1", _CREDENTIALS.sub(r"\1", _TOKEN.sub("hf_…", text)))


def _as_path(text: str) -> PurePath | None:
    """A text that is a path of some machine as a whole: absolute, in somebody's home, or out of a folder."""
    for path in (PurePosixPath(text), PureWindowsPath(text)):
        if len(path.parts) >= _ROOT_AND_TWO and path.is_absolute():
            return path
        if len(path.parts) > 1 and (path.parts[0].startswith("~") or ".." in path.parts):
            return path
    return None
