"""Makes the Auto classes of transformers know the configurations, models and tokenizer of this folder.

There is one function per module of transformers that holds Auto classes, because each can only run once its module is
there, and none may load another one: see :mod:`hf_sluice.auto_classes`, which calls them. All can be called again.
"""

from __future__ import annotations


def register_configurations() -> None:
    """``AutoConfig`` reads the model types of this folder."""
    from transformers import AutoConfig

    from .configuration_sluice import SluiceConfig

    AutoConfig.register(SluiceConfig.model_type, SluiceConfig, exist_ok=True)


def register_models() -> None:
    """``AutoModel`` and ``AutoModelForTokenClassification`` make the models of this folder."""
    from transformers import AutoModel, AutoModelForTokenClassification

    from .configuration_sluice import SluiceConfig
    from .modeling_sluice import SluiceForTokenClassification, SluiceModel

    AutoModel.register(SluiceConfig, SluiceModel, exist_ok=True)
    AutoModelForTokenClassification.register(SluiceConfig, SluiceForTokenClassification, exist_ok=True)


def register_tokenizers() -> None:
    """``AutoTokenizer`` reads the tokenizer of this folder."""
    from transformers import AutoTokenizer

    from .configuration_sluice import SluiceConfig
    from .tokenization_tagger import TaggerTokenizer

    AutoTokenizer.register(SluiceConfig, tokenizer_class=TaggerTokenizer, exist_ok=True)


def register() -> None:
    """Registers everything at once."""
    register_configurations()
    register_models()
    register_tokenizers()
