"""All configurations, without what takes long to load: the models themselves."""

from __future__ import annotations

from .configuration_sluice import SluiceConfig
from .configuration_sparse_sharing import SparseSharingConfig

CONFIGURATIONS = (SluiceConfig, SparseSharingConfig)
