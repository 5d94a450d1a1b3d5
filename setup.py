"""Packaging of hf-sluice. The settings of the build system and of the tools stand in pyproject.toml."""

from __future__ import annotations

import runpy
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).parent

# Every lower bound is one that the tests were run with: `make test-lowest` (constraints-lowest.txt) runs them again.
# torch is the exception; CONTRIBUTING.md says why 2.11 is admitted.
REQUIREMENTS = [
    "accelerate>=1.10.0",
    "datasets>=4.7.0",
    "evaluate>=0.4.6",
    "filelock>=3.16.1",
    "huggingface_hub>=1.5.0",
    "Jinja2>=3.1.6",
    "matplotlib>=3.9.0",
    "numpy>=1.26.4",
    "pandas>=2.1.4",
    "pyarrow>=21.0.0",
    "pydantic>=2.6.0",
    "PyYAML>=6.0.1",
    "regex>=2025.10.22",
    "rich>=14.3.0",
    "safetensors>=0.8.0",
    "scikit-learn>=1.4.0",
    "scipy>=1.11.4",
    "tokenizers>=0.23.1",
    "torch>=2.11",
    "transformers>=5.17.0",
    "typer>=0.26.0",
]

ONNX = ["onnx>=1.19.1", "onnxruntime>=1.23.2"]
TEST = [
    *ONNX,
    "hypothesis>=6.100.0",
    "packaging>=24.0",
    "pytest>=8.0.0",
    "pytest-xdist>=3.6.0",
    "pytorch-crf>=0.7.2",
    "seqeval>=1.2.2",
]
TRITON = ['triton>=3.6.0; platform_system == "Linux"']  # torch for GPUs brings the one that it goes with
TRACKING = ["tensorboard>=2.16.2"]
RAY = ["ray>=2.60.0"]
TORCHJD = ["torchjd>=0.18.0"]
CAGRAD = ["torchjd[cagrad]>=0.18.0"]  # a solver of convex programs beside it, which is large
BENCHMARK = ["spacy>=3.8.18"]  # what prediction and training are held against
DEV = [*TEST, *TRITON, *TRACKING, *RAY, *CAGRAD, "build>=1.2", "mypy>=2.4", "ruff>=0.17", "types-PyYAML"]

setup(
    name="hf-sluice",
    version=runpy.run_path(str(ROOT / "hf_sluice" / "version.py"))["__version__"],
    description="Multi-task sequence tagging that learns what its tasks share: sluice networks for Hugging Face",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license_expression="Apache-2.0",
    license_files=["LICENSE"],
    packages=find_packages(include=["hf_sluice", "hf_sluice.*"]),
    package_data={
        "hf_sluice": [
            "py.typed",
            "analysis/task_relations/bingel2017.json",
            "evaluation/tagging_score/README.md",
            "hub/dataset_card_template.md",
            "hub/model_card_template.md",
        ]
    },
    python_requires=">=3.11",
    install_requires=REQUIREMENTS,
    extras_require={
        "test": [*TEST, *TRITON],
        "onnx": ONNX,
        "triton": TRITON,
        "tracking": TRACKING,
        "ray": RAY,
        "torchjd": TORCHJD,
        "cagrad": CAGRAD,
        "benchmark": BENCHMARK,
        "dev": DEV,
    },
    entry_points={"console_scripts": ["hf-sluice = hf_sluice.cli:main"]},
    keywords=["multi-task learning", "sequence tagging", "sluice networks", "transformers", "nlp"],
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Intended Audience :: Science/Research",
        "Operating System :: OS Independent",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
        "Topic :: Text Processing :: Linguistic",
        "Typing :: Typed",
    ],
)
