"""Algorithm 1 of Sun et al. (2020) written out: plain loops, optimisers of torch, masks in numpy.

It knows nothing of subnets: the network keeps all its weights, and is given products with masks in their place.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.func import functional_call

from hf_sluice.training.building import build_model, build_tokenizer
from hf_sluice.training.encoded_split import encode_split
from hf_sluice.training.sampling import PerTaskPlanner

PREFIX = "sparse_sharing."


class ReferenceSearch:
    """A search without any part of the package that trains or prunes; batches are those of its planner."""

    def __init__(self, recipe, corpus) -> None:
        self.settings, self.masks, self.seed = recipe.training, recipe.masks, recipe.seed
        tokenizer = build_tokenizer(recipe.tokenizer, corpus)
        self.model = build_model(recipe, corpus.tasks, tokenizer, recipe.seed)
        self.tasks = [task.name for task in corpus.tasks]
        self.train_split = encode_split(corpus["train"], tokenizer, corpus.tasks)
        self.dev_split = encode_split(corpus["validation"], tokenizer, corpus.tasks)
        self.masked = [name for name, _ in self.model.named_parameters() if is_masked(name)]

    def warm_up(self):
        self.run(self.tasks, self.masks.warmup_epochs, self.seed, {})

    def search(self, task, rounds, seed_of_round):
        """The masks of rounds 0, 1, …, and the share of words of the development split that each gets right."""
        theta_0 = {name: value.detach().clone() for name, value in self.model.named_parameters()}
        mask = {name: np.ones(theta_0[name].shape, dtype=bool) for name in self.masked}
        masks, accuracies = [], []
        for number in range(rounds + 1):
            with torch.no_grad():
                for name, value in self.model.named_parameters():
                    value.copy_(theta_0[name])
            self.run([task], self.masks.epochs, seed_of_round(number), mask)
            masks.append({name.removeprefix(PREFIX): of.copy() for name, of in mask.items()})
            accuracies.append(self.accuracy(task, mask))
            for group in groups(self.masked, self.masks.scope):
                self.prune(mask, group)
        return masks, accuracies

    def prune(self, mask, names):
        trained = dict(self.model.named_parameters())
        magnitudes = np.concatenate([np.abs(trained[name].detach().numpy()).ravel() for name in names])
        kept = np.concatenate([mask[name].ravel() for name in names])
        number = round(self.masks.pruning_rate * kept.sum())
        candidates = sorted(np.flatnonzero(kept), key=lambda place: magnitudes[place])
        kept[candidates[:number]] = False
        for name in names:
            size = mask[name].size
            mask[name], kept = kept[:size].reshape(mask[name].shape), kept[size:]

    def run(self, tasks, epochs, seed, mask):
        """Training as the paper's Table 2 has it: SGD with momentum, of which each task has its own."""
        settings = self.settings
        planner = PerTaskPlanner(self.train_split, tasks, settings, seed)
        optimizers = {
            task: torch.optim.SGD(self.model.parameters(), lr=1.0, momentum=settings.momentum) for task in tasks
        }
        for epoch in range(epochs):
            for step in planner.epoch(epoch):
                (task,) = step.tasks
                optimizer = optimizers[task]
                optimizer.param_groups[0]["lr"] = settings.learning_rate / (1 + settings.learning_rate_decay * epoch)
                self.model.zero_grad()
                batch = self.train_split.batch(step.sentences, [task])
                self.output(batch, task, mask).losses[task].backward()
                torch.nn.utils.clip_grad_norm_(self.model.parameters(), settings.max_grad_norm)
                optimizer.step()

    def output(self, batch, task, mask):
        parameters = dict(self.model.named_parameters())
        products = {name: parameters[name] * torch.from_numpy(of) for name, of in mask.items()}
        return functional_call(self.model, products, (), {**batch, "tasks": [task]})

    @torch.no_grad()
    def accuracy(self, task, mask):
        batch = self.dev_split.batch(np.arange(len(self.dev_split)), [task])
        labels = batch["labels"][task]
        right = self.output(batch, task, mask).logits[task].argmax(-1) == labels
        return float(right[labels >= 0].double().mean())


def is_masked(name):
    return name == f"{PREFIX}words.characters.weight" or name.endswith(("weight_ih", "weight_hh"))


def groups(names, scope):
    if scope == "global":
        return [names]
    places = ("words.characters.", "layers.0.", "layers.1.")
    return [[name for name in names if name.startswith(PREFIX + place)] for place in places]
