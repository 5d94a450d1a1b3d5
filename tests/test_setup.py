from __future__ import annotations

import ast
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]

_PINNED = (
    "REQUIREMENTS", "TEST", "TRACKING", "RAY", "TORCHJD", "ONNX", "TRITON", "CAGRAD", "BENCHMARK", "DEV",
)  # fmt: skip


def requirements(*lists: str) -> dict[str, Requirement]:
    """The requirements in the named lists of setup.py, by canonical name."""
    found = {}
    for node in ast.parse((ROOT / "setup.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in lists:
            written = [Requirement(item.value) for item in node.value.elts if isinstance(item, ast.Constant)]
            found |= {canonicalize_name(requirement.name): requirement for requirement in written}
    return found


def pins(file: str) -> dict[str, str]:
    """The versions in a constraints file, by canonical name."""
    lines = [line for line in (ROOT / file).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


def imported_distributions() -> set[str]:
    """Who provides what the package imports."""
    roots = set()
    for path in (ROOT / "hf_sluice").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                roots |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                roots.add(str(node.module).split(".")[0])
    providers = packages_distributions()
    roots -= sys.stdlib_module_names | {"hf_sluice"}
    # What an extra brings need not be installed, and is called as what it provides.
    return {canonicalize_name(providers.get(root, [root])[0]) for root in roots}


def test_what_is_imported_is_required_and_nothing_else() -> None:
    assert imported_distributions() == set(requirements("REQUIREMENTS", "RAY", "TORCHJD", "ONNX", "TRITON"))


@pytest.mark.parametrize(
    "name",
    sorted(requirements("REQUIREMENTS", "TEST", "TRACKING", "RAY", "TORCHJD", "ONNX", "TRITON").keys() - {"torch"}),
)
def test_every_lower_bound_is_a_version_that_is_tried(name: str) -> None:
    assert (
        str(requirements("REQUIREMENTS", "TEST", "TRACKING", "RAY", "TORCHJD", "ONNX", "TRITON")[name].specifier)
        == f">={pins('constraints-lowest.txt')[name]}"
    )


@pytest.mark.parametrize(
    "name",
    sorted(requirements(*_PINNED)),
)
def test_what_is_required_is_pinned_to_a_version_it_admits(name: str) -> None:
    assert requirements(*_PINNED)[name].specifier.contains(pins("constraints.txt")[name])


def test_versions_of_machines_with_a_gpu_are_admitted() -> None:
    images = {"torch": "2.11.0", "transformers": "5.17.0", "accelerate": "1.15.0"}
    assert all(requirements("REQUIREMENTS")[name].specifier.contains(version) for name, version in images.items())
