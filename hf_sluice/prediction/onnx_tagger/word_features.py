"""The features of written words; in an exported folder, the file that this one is a door to takes its place."""

from hf_sluice.models.word_features import check_word_features, feature_keys

__all__ = ["check_word_features", "feature_keys"]
