from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from transformers.dynamic_module_utils import get_imports, get_relative_imports

import hf_sluice

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(hf_sluice.__file__).parent
MODELS = sorted((PACKAGE / "models").glob("*.py"))

# What a machine that has torch and transformers has: the two, and what transformers itself needs.
WITH_THE_MODELS = {"torch", "transformers", "numpy", "huggingface_hub", "safetensors", "tokenizers", "regex"}

# What a part of the models needs that is only loaded where it is there, and the files of this part.
OPTIONAL_FOR_MODELS = {"triton"}
NEEDING_TRITON = {
    "triton_check",
    "triton_language",
    "triton_lstm",
    "triton_lstm_backward",
    "triton_lstm_forward",
    "triton_lstm_steps",
}

# The layers of the package, the lowest first; what is named nowhere belongs below them all.
LAYERS = (
    {"data", "models"},
    {"training", "evaluation", "analysis", "prediction", "recipe", "auto_classes"},
    {"experiments", "hub", "export"},
    {"cli", "commands", "__main__"},
)


def run_python(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_package_is_light() -> None:
    heavy = ("torch", "transformers", "datasets", "evaluate", "accelerate", "numpy")
    assert run_python(f"import hf_sluice, sys; print([name for name in {heavy} if name in sys.modules])") == "[]\n"


def test_models_and_the_training_step_need_neither_datasets_nor_evaluate_nor_triton() -> None:
    models = [f"hf_sluice.models.{path.stem}" for path in MODELS if path.stem not in NEEDING_TRITON]
    imports = "\n".join(f"import {module}" for module in [*models, "hf_sluice.training.trainer"])
    hidden = "sys.modules['datasets'] = sys.modules['evaluate'] = sys.modules['triton'] = None"
    run_python(f"import sys\n{hidden}\n{imports}")


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
    roots = {name.split(".")[0] for name, _ in imports_of(path) if not name.startswith("hf_sluice.models.")}
    assert roots <= WITH_THE_MODELS | OPTIONAL_FOR_MODELS | sys.stdlib_module_names


def test_the_models_folder_is_flat() -> None:
    assert {path.name for path in (PACKAGE / "models").iterdir() if path.is_dir()} <= {"__pycache__"}


def imports_of(path: Path, *, for_types: bool = True) -> list[tuple[str, int]]:
    """What a file imports, wherever in it, as absolute dotted names, each with its line.

    Args:
        path: the file.
        for_types: whether imports for annotations alone count.
    """
    found = []
    for node in statements(ast.parse(path.read_text(encoding="utf-8")), for_types=for_types):
        if isinstance(node, ast.ImportFrom):
            home = module_name(path.parent) + "." if node.level else ""  # relative imports are those of siblings
            found += [(f"{home}{node.module}.{alias.name}", node.lineno) for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
    return found


def statements(node: ast.AST, *, for_types: bool) -> Iterator[ast.AST]:
    yield node
    if not for_types and isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    for child in ast.iter_child_nodes(node):
        yield from statements(child, for_types=for_types)


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


# Every file but the facade, which names what lies in all layers.
MODULES = {
    module_name(path): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.parent != PACKAGE or path.name != "__init__.py"
}


def layer(dotted: str) -> int:
    area = dotted.split(".")[1]
    return next((number for number, areas in enumerate(LAYERS, 1) if area in areas), 0)


@pytest.mark.parametrize("module", MODULES)
def test_imports_run_downwards(module: str) -> None:
    imported = [name for name, _ in imports_of(MODULES[module]) if name.startswith("hf_sluice.")]
    assert [name for name in imported if layer(name) > layer(module)] == []


def test_no_module_needs_what_needs_it() -> None:
    needs = {
        module: {
            name for dotted, _ in imports_of(path, for_types=False) for name in (dotted, dotted.rpartition(".")[0])
        }
        & MODULES.keys()
        for module, path in MODULES.items()
    }
    assert needs["hf_sluice.tasks"] == {"hf_sluice.errors"}
    graphlib.TopologicalSorter(needs).prepare()  # raises CycleError, naming the cycle
