"""What options of a recipe change, each by itself: development scores after the same CPU time of training.

    HF_SLUICE_DATA=… python benchmarks/option_effects.py --update recipes/README.md

The test split is never read. CPU time is that of training steps alone; loading and evaluation do not count.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from accelerate import Accelerator
from conditions import load_average, machine_and_versions
from markdown_table import markdown_table
from program import run_program
from report_section import replace_section

from hf_sluice.evaluation.evaluator import main_score
from hf_sluice.recipe import load_recipe
from hf_sluice.training.building import build_corpus, build_model, build_tokenizer
from hf_sluice.training.trainer import MultiTaskTrainer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hf_sluice.data.corpus import TaggingCorpus
    from hf_sluice.recipe import Recipe

RECIPE = Path(__file__).parents[1] / "recipes" / "fast.yaml"
# The recipe without what it is about, and what each option adds.
PLAIN = (
    "model.word_features=[]", "model.char_encoder=bilstm", "model.char_embedding_size=50", "model.char_hidden_size=50",
    "training.word_dropout_alpha=null", "training.learning_rate_schedule=inverse_time",
    "training.learning_rate_decay=0.0", "training.warmup_steps=0", "training.learning_rate=0.003", "model.dropout=0.3",
)  # fmt: skip
FEATURES = "model.word_features=[norm, prefix1, suffix3, shape]"
SIX = "model.word_features=[norm, prefix1, prefix3, suffix2, suffix3, shape]"
NO_CHARACTERS = (FEATURES, "model.char_encoder=none")
SCHEDULE = (
    "training.learning_rate_schedule=linear", "training.learning_rate=0.005", "training.warmup_steps=50"
)  # fmt: skip
VARIANTS: dict[str, tuple[str, ...]] = {
    "characters": PLAIN,
    "features": (*PLAIN, *NO_CHARACTERS),
    "characters and features": (*PLAIN, FEATURES, "model.char_embedding_size=30", "model.char_hidden_size=30"),
    "features, word dropout": (*PLAIN, *NO_CHARACTERS, "training.word_dropout_alpha=0.25"),
    "six features, word dropout": (*PLAIN, SIX, "model.char_encoder=none", "training.word_dropout_alpha=0.25"),
    "features, linear schedule": (*PLAIN, *NO_CHARACTERS, *SCHEDULE),
    "features, batches from 8 to 32": (*PLAIN, *NO_CHARACTERS, "training.first_batch_size=8"),
    "features, CRF": (*PLAIN, *NO_CHARACTERS, "model.decoder=linear_crf"),
    "the recipe": (),
    "the recipe, labels not constrained": ("model.constrained_decoding=false",),
    "the recipe with characters": (
        "model.char_encoder=bilstm",
        "model.char_embedding_size=30",
        "model.char_hidden_size=30",
    ),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a row for each variant and seed, and then a table of their means."""
    options = _options(arguments)
    torch.set_num_threads(1)
    corpus = build_corpus(load_recipe(RECIPE))
    rows: dict[str, list[list[float]]] = {name: [] for name in options.variants}
    for seed in range(1, options.seeds + 1):
        for name in options.variants:
            recipe = load_recipe(RECIPE, [*VARIANTS[name], f"seed={seed}"])
            rows[name].append(_trained(recipe, corpus, options.seconds))
            print(f"{name}, seed {seed}: {' '.join(f'{number:.2f}' for number in rows[name][-1])}", flush=True)
    columns = ["", "passes", *(f"{task.name}{of}" for of in ("", ", averaged") for task in corpus.tasks)]
    table = markdown_table(columns, [[name, *map(_mean, zip(*found, strict=True))] for name, found in rows.items()])
    conditions = (
        f"{options.seconds:.0f} s of CPU time, development data of `ewt`, mean of {options.seeds} seeds (range). "
        f"{machine_and_versions()}, load average {load_average()} at the end."
    )
    print(f"\n{table}\n\n{conditions}")
    if options.update:
        replace_section(options.update, "options", f"{table}\n\n{conditions}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="CPU time of training")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--update", type=Path, metavar="FILE", help="write the result into its place in this file")
    return parser.parse_args(arguments)


def _mean(numbers: Sequence[float]) -> str:
    return f"{sum(numbers) / len(numbers):.1f} ({min(numbers):.1f}–{max(numbers):.1f})"


def _trained(recipe: Recipe, corpus: TaggingCorpus, seconds: float) -> list[float]:
    """Passes over the data, and the scores of the parameters of the last step and of their averages."""
    tokenizer = build_tokenizer(recipe.tokenizer, corpus, recipe.model.get("word_features", ()))
    model = build_model(recipe, corpus.tasks, tokenizer, recipe.seed)
    with tempfile.TemporaryDirectory() as folder:
        trainer = MultiTaskTrainer(
            model, tokenizer, corpus, corpus.tasks, recipe.training, Path(folder), seed=recipe.seed,
            accelerator=Accelerator(cpu=True),
        )  # fmt: skip
    words = _train(trainer, seconds)
    passes = words / int(trainer.split("train").words.lengths.sum())
    averages: Any = trainer._averages  # noqa: SLF001
    scores = []
    for block in (nullcontext(), averages.in_place()):
        with block:
            rows = trainer.evaluate("validation")
        scores += [100 * (main_score(rows, task).value or 0.0) for task in corpus.tasks]
    return [passes, *scores]


def _train(trainer: MultiTaskTrainer, seconds: float) -> int:
    """Makes steps until the time is over; the number of words read."""
    progress, lengths = trainer._progress, trainer.split("train").words.lengths  # noqa: SLF001
    trainer.model.train()
    spent, words = 0.0, 0
    while True:
        for step in trainer.planner.epoch(progress.epoch):
            # As if the number of epochs had been chosen so that they fill the time.
            progress.total_steps = max(progress.step + 1, round(progress.step * seconds / spent)) if spent else 10**6
            began = time.process_time()
            trainer._train_step(step)  # noqa: SLF001
            spent += time.process_time() - began
            words += int(lengths[step.sentences].sum())
            if spent >= seconds:
                return words
        progress.next_epoch()


if __name__ == "__main__":
    run_program(main)
