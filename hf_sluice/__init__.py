"""Multi-task sequence taggers that learn what to share.

The names listed in ``__all__`` are loaded when they are first used (PEP 562), so that importing the package needs
neither torch nor transformers. Importing it makes the Auto classes of transformers know its models.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hf_sluice.auto_classes import register_when_loaded
from hf_sluice.version import __version__

if TYPE_CHECKING:
    from hf_sluice.analysis.task_relations.relations import TaskRelations
    from hf_sluice.data.corpora.demo import load_demo_corpus
    from hf_sluice.data.load import load_corpus
    from hf_sluice.models.configuration_sluice import SluiceConfig
    from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
    from hf_sluice.models.modeling_sluice import SluiceForTokenClassification, SluiceModel
    from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification, SparseSharingModel
    from hf_sluice.models.pipeline_multitask import MultiTaskTaggingPipeline
    from hf_sluice.models.sharing_architecture import SharingArchitecture
    from hf_sluice.models.tokenization_tagger import TaggerTokenizer
    from hf_sluice.tasks import Task
    from hf_sluice.training.trainer import MultiTaskTrainer

__all__ = [
    "MultiTaskTaggingPipeline",
    "MultiTaskTrainer",
    "SharingArchitecture",
    "SluiceConfig",
    "SluiceForTokenClassification",
    "SluiceModel",
    "SparseSharingConfig",
    "SparseSharingForTokenClassification",
    "SparseSharingModel",
    "TaggerTokenizer",
    "Task",
    "TaskRelations",
    "__version__",
    "load_corpus",
    "load_demo_corpus",
]

_HOMES = {
    "MultiTaskTaggingPipeline": "hf_sluice.models.pipeline_multitask",
    "MultiTaskTrainer": "hf_sluice.training.trainer",
    "SharingArchitecture": "hf_sluice.models.sharing_architecture",
    "SluiceConfig": "hf_sluice.models.configuration_sluice",
    "SluiceForTokenClassification": "hf_sluice.models.modeling_sluice",
    "SluiceModel": "hf_sluice.models.modeling_sluice",
    "SparseSharingConfig": "hf_sluice.models.configuration_sparse_sharing",
    "SparseSharingForTokenClassification": "hf_sluice.models.modeling_sparse_sharing",
    "SparseSharingModel": "hf_sluice.models.modeling_sparse_sharing",
    "TaggerTokenizer": "hf_sluice.models.tokenization_tagger",
    "Task": "hf_sluice.tasks",
    "TaskRelations": "hf_sluice.analysis.task_relations.relations",
    "load_corpus": "hf_sluice.data.load",
    "load_demo_corpus": "hf_sluice.data.corpora.demo",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


register_when_loaded()
