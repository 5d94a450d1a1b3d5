from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from pathlib import Path

import pytest
from transformers.dynamic_module_utils import get_imports, get_relative_imports

import hf_sluice

PACKAGE = Path(hf_sluice.__file__).parent
MODELS = sorted((PACKAGE / "models").glob("*.py"))

# What a machine that has torch and transformers has: the two, and what transformers itself needs.
WITH_THE_MODELS = {"torch", "transformers", "numpy", "huggingface_hub", "safetensors", "tokenizers", "regex"}

# The layers of the package, the lowest first; what is named nowhere belongs below them all.
LAYERS = (
    {"data", "models"},
    {"training", "evaluation", "analysis", "recipe", "auto_classes"},
    {"experiments", "hub"},
    {"cli", "commands", "__main__"},
)


def run_python(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_package_is_light() -> None:
    heavy = ("torch", "transformers", "datasets", "evaluate", "accelerate", "numpy")
    assert run_python(f"import hf_sluice, sys; print([name for name in {heavy} if name in sys.modules])") == "[]\n"


def test_models_need_neither_datasets_nor_evaluate() -> None:
    imports = "\n".join(f"import hf_sluice.models.{path.stem}" for path in MODELS)
    run_python(f"import sys\nsys.modules['datasets'] = sys.modules['evaluate'] = None\n{imports}")


@pytest.mark.parametrize("name", hf_sluice.__all__)
def test_public_names_resolve_and_are_listed(name: str) -> None:
    value = getattr(hf_sluice, name)
    assert getattr(value, "__name__", name) == name
    assert name in dir(hf_sluice)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'hf_sluice' has no attribute 'Tusk'"):
        hf_sluice.Tusk  # noqa: B018


def test_type_checkers_see_what_is_loaded_lazily() -> None:
    tree = ast.parse(Path(hf_sluice.__file__).read_text(encoding="utf-8"))
    (guarded,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.name: node.module for node in guarded.body for alias in node.names}
    assert seen == hf_sluice._HOMES
    assert {*seen, "__version__"} == set(hf_sluice.__all__)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_file_travels_to_the_hub(path: Path) -> None:
    siblings = {other.stem for other in MODELS}
    # transformers finds imports by regular expressions, docstrings included: its own functions say what it will find.
    assert set(get_relative_imports(path)) <= siblings
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            assert node.level == 1, f"line {node.lineno}: imports from outside the folder"
            assert node.module in siblings, f"line {node.lineno}: not of the form 'from .sibling import name'"


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_model_file_needs_torch_and_transformers_alone(path: Path) -> None:
    assert {name for name in get_imports(path) if name not in sys.stdlib_module_names} <= WITH_THE_MODELS
    assert {name.split(".")[0] for name, _ in imports_of(path)} <= WITH_THE_MODELS | sys.stdlib_module_names


def test_the_models_folder_is_flat() -> None:
    assert {path.name for path in (PACKAGE / "models").iterdir() if path.is_dir()} <= {"__pycache__"}


def imports_of(path: Path) -> list[tuple[str, int]]:
    """The absolute imports of a file, wherever they stand in it, each with its line."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and not node.level:
            found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
    return found


def area(dotted: str) -> str:
    """The part of the package that a dotted name belongs to: a sub-package, or a module at its top."""
    return dotted.split(".")[1]


def imported_areas() -> list[tuple[str, str, str]]:
    """Which area imports which, and where."""
    rows = []
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        if inside == Path("__init__.py"):  # the facade: it names what lies in every layer
            continue
        for name, line in imports_of(path):
            if name.startswith("hf_sluice."):
                rows.append((area(f"hf_sluice.{inside.parts[0].removesuffix('.py')}"), area(name), f"{inside}:{line}"))
    return rows


def layer(name: str) -> int:
    return next((number for number, areas in enumerate(LAYERS, 1) if name in areas), 0)


def test_imports_run_downwards() -> None:
    assert [where for importer, imported, where in imported_areas() if layer(imported) > layer(importer)] == []


def test_no_area_imports_what_imports_it() -> None:
    needs: dict[str, set[str]] = {}
    for importer, imported, _ in imported_areas():
        if importer != imported:
            needs.setdefault(importer, set()).add(imported)
    order = list(graphlib.TopologicalSorter(needs).static_order())  # raises CycleError, naming the cycle
    assert set(needs) <= set(order)
