"""Tags sentences with an exported model: onnxruntime, numpy and the standard library are all that it needs.

This package lies in every exported folder, too, so that a program can use it without the one it comes from: its files
import each other and nothing else of ``hf_sluice``.
"""

from .tagger import OnnxTagger

__all__ = ["OnnxTagger"]
