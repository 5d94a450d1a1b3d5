"""Makes the Auto classes and pipelines of transformers know what is in this folder.

There is one function per module of transformers that holds such registers, because each can only run once its module is
there, and none may load another one: see :mod:`hf_sluice.auto_classes`, which calls them. All can be called again.
"""

from __future__ import annotations

from importlib import import_module


def register_configurations() -> None:
    """``AutoConfig`` reads the model types of this folder."""
    from transformers import AutoConfig

    from .configurations import CONFIGURATIONS

    for config in CONFIGURATIONS:
        AutoConfig.register(config.model_type, config, exist_ok=True)
        config.needs_code_that_came_along = False


def register_models() -> None:
    """``AutoModel`` and ``AutoModelForTokenClassification`` make the models of this folder."""
    from transformers import AutoModel, AutoModelForTokenClassification

    from .model_types import MODEL_TYPES

    for kind in MODEL_TYPES.values():
        AutoModel.register(kind.config, kind.model, exist_ok=True)
        AutoModelForTokenClassification.register(kind.config, kind.tagger, exist_ok=True)


def register_tokenizers() -> None:
    """``AutoTokenizer`` reads the tokenizer of this folder."""
    from transformers import AutoTokenizer

    from .configurations import CONFIGURATIONS
    from .tokenization_tagger import TaggerTokenizer

    for config in CONFIGURATIONS:
        AutoTokenizer.register(config, tokenizer_class=TaggerTokenizer, exist_ok=True)


def register_pipelines() -> None:
    """``pipeline`` knows the task of this folder."""
    # The module registers its class itself: its own imports may have led here before the class is there.
    import_module(".pipeline_multitask", __package__)


def register() -> None:
    """Registers everything at once."""
    register_configurations()
    register_models()
    register_tokenizers()
    register_pipelines()
