"""Trains tiny models under torchrun and writes what each process saw and came to; run by test_two_processes.py."""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.recipe import load_recipe
from hf_sluice.training.building import build_corpus, build_model, build_tokenizer
from hf_sluice.training.trainer import MultiTaskTrainer
from tests.training.sparse_training import random_masks


def train(recipe_path: Path, output: Path) -> None:
    recipe = load_recipe(recipe_path)
    corpus = build_corpus(recipe)
    tokenizer = build_tokenizer(recipe.tokenizer, corpus)
    model = build_model(recipe, corpus.tasks, tokenizer, recipe.seed)
    if isinstance(model, SparseSharingForTokenClassification):
        model.set_masks(random_masks(model.config, recipe.seed))
    trainer = MultiTaskTrainer(model, tokenizer, corpus, corpus.tasks, recipe.training, output, seed=recipe.seed)
    seen: list[list[object]] = []
    inputs_of = trainer._steps.inputs

    def recording(sentences, tasks):
        seen.extend([trainer._progress.epoch, list(tasks), int(sentence)] for sentence in sentences)
        return inputs_of(sentences, tasks)

    trainer._steps.inputs = recording
    result = trainer.train()
    rank = trainer.accelerator.process_index
    report = {"processes": trainer.accelerator.num_processes, "seen": seen, "score": result.best_score}
    Path(output, f"rank{rank}.json").write_text(json.dumps(report))
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, Path(output, f"rank{rank}.safetensors"))


def main(folder: str, system: str) -> None:
    """Trains every recipe of a folder into <its name>/<system>."""
    for recipe in sorted(Path(folder).glob("*.yaml")):
        train(recipe, Path(folder, recipe.stem, system))
    if torch.distributed.is_initialized():
        torch.distributed.destroy_process_group()


if __name__ == "__main__":
    main(*sys.argv[1:])
