"""What subnets cost all at once, and one by one: `python benchmarks/sparse_sharing_comparison.py --help`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
import transformers
from interleaved_timing import time_interleaved
from markdown_table import markdown_table
from program import run_program
from report_section import replace_section
from train_throughput import conditions, parser
from workload import Workload, load_workload

from hf_sluice.models.configuration_sparse_sharing import SparseSharingConfig
from hf_sluice.models.modeling_sparse_sharing import SparseSharingForTokenClassification
from hf_sluice.training.encoded_split import encode_split

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from interleaved_timing import Timings

_NUM_TASKS = (1, 2, 3, 4)
_SHARE_KEPT = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A model of Sun et al.'s sizes (2020, Table 2), half of whose weights each task keeps at random, and batches.

    Args:
        model: the model.
        tasks: names.
        batches: its inputs with labels.
    """

    model: SparseSharingForTokenClassification
    tasks: Sequence[str]
    batches: Sequence[dict[str, Any]]

    @classmethod
    def of(cls, workload: Workload, num_tasks: int, *, masked: bool = True) -> Subject:
        """A fresh one; with all weights for all tasks (hard sharing) where it is not masked."""
        tasks = workload.corpus.tasks[:num_tasks]
        names = [task.name for task in tasks]
        torch.manual_seed(0)
        config = SparseSharingConfig(
            tasks=[task.to_dict() for task in tasks],
            vocab_size=workload.tokenizer.vocab_size,
            char_vocab_size=workload.tokenizer.char_vocab_size,
        )
        model = SparseSharingForTokenClassification(config)
        if masked:
            shapes = config.masked_shapes().items()
            model.set_masks({task: {name: torch.rand(of) < _SHARE_KEPT for name, of in shapes} for task in names})
        split = encode_split(workload.corpus["train"], workload.tokenizer, tasks)
        return cls(model, names, [split.batch(batch, names) for batch in workload.batches])

    def train(self, groups: Sequence[Sequence[str]]) -> Callable[[], None]:
        """Forward and backward passes of groups of tasks over all batches."""

        def run() -> None:
            self.model.train()
            for batch in self.batches:
                for tasks in groups:
                    self.model(**batch, tasks=tasks).loss.backward()
                self.model.zero_grad()

        return run

    def predict(self, groups: Sequence[Sequence[str]]) -> Callable[[], None]:
        """Forward passes of groups of tasks over all batches, without labels."""

        @torch.no_grad()
        def run() -> None:
            self.model.eval()
            for batch in self.batches:
                inputs = {name: value for name, value in batch.items() if name != "labels"}
                for tasks in groups:
                    self.model(**inputs, tasks=tasks)

        return run


def main() -> None:
    """Measures, and prints Markdown."""
    options = parser().parse_args()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    workload = load_workload(options.corpus, options.batch_size, options.batches, options.bucket_size)
    report = f"{conditions(options, workload)}\n\n{compare(workload, options.rounds)}"
    print(report)
    if options.update:
        replace_section(options.update, "sparse sharing", report)


def time_subnets(workload: Workload, numbers: Sequence[int], rounds: int) -> dict[str, Timings]:
    """Times of ``train`` and ``predict``, ``together`` and ``singly``, and of hard sharing, for numbers of tasks."""
    cases: dict[str, Callable[[], object]] = {}
    for num_tasks in numbers:
        subject, shared = Subject.of(workload, num_tasks), Subject.of(workload, num_tasks, masked=False)
        together, singly = [subject.tasks], [[task] for task in subject.tasks]
        cases[f"train together {num_tasks}"] = subject.train(together)
        cases[f"train singly {num_tasks}"] = subject.train(singly)
        cases[f"predict together {num_tasks}"] = subject.predict(together)
        cases[f"predict singly {num_tasks}"] = subject.predict(singly)
        cases[f"train hard {num_tasks}"] = shared.train(singly)
    return time_interleaved(cases, rounds)


def compare(workload: Workload, rounds: int) -> str:
    """Time of one pass of all tasks, relative to a pass for each; of training also relative to hard sharing."""
    timings = time_subnets(workload, _NUM_TASKS, rounds)
    rows = []
    for num_tasks in _NUM_TASKS:
        ratios = [
            timings[f"{kind} together {num_tasks}"].ratio(timings[f"{kind} singly {num_tasks}"], "cpu").text(".3f")
            for kind in ("train", "predict")
        ]
        masked = timings[f"train singly {num_tasks}"].ratio(timings[f"train hard {num_tasks}"], "cpu").text(".2f")
        rows.append((str(num_tasks), *ratios, masked))
    heads = (
        "T",
        "training: all tasks in one pass / T passes",
        "prediction: all tasks in one pass / T passes",
        "training, T passes: masked / hard sharing",
    )
    return markdown_table(heads, rows)


if __name__ == "__main__":
    run_program(main)
