from __future__ import annotations

import json

import pytest
import torch

from hf_sluice.errors import ModelFolderError
from hf_sluice.models.mask_file import MaskSet
from hf_sluice.models.mask_measures import num_kept, sparsity
from hf_sluice.training.pruning.candidates import Candidate
from hf_sluice.training.pruning.prune import prune, whole_mask
from hf_sluice.training.pruning.record import SearchRecord

SHAPES = {"layers.0.weight_ih": (1, 2, 8, 5), "layers.0.weight_hh": (1, 2, 8, 2)}
ROUNDS = 4
MASKS, CANDIDATES = "masks.safetensors", "candidates.jsonl"


def importance(number):
    generator = torch.Generator().manual_seed(number)
    return {name: torch.rand(shape, generator=generator) for name, shape in SHAPES.items()}


def continue_search(record):
    """A search whose training is a draw of random numbers."""
    while not record.is_finished:
        number, mask = len(record.candidates), record.next_mask()
        pruned = None if number == ROUNDS else prune(mask, importance(number), 0.3, "global")
        record.add(Candidate(number, sparsity(mask), num_kept(mask), number / 7, None, 0.5, 1.0), pruned)
    return record


def files(folder):
    return {name: (folder / name).read_bytes() for name in (MASKS, CANDIDATES) if (folder / name).exists()}


@pytest.fixture
def states(tmp_path):
    """What is on disk after each write of a search, from nothing to all of it."""
    folder, found = tmp_path / "watched", [{}]
    record = SearchRecord.open(folder, "pos", SHAPES)
    for number in range(ROUNDS + 1):
        before = files(folder)
        mask = record.next_mask()
        pruned = None if number == ROUNDS else prune(mask, importance(number), 0.3, "global")
        record.add(Candidate(number, sparsity(mask), num_kept(mask), number / 7, None, 0.5, 1.0), pruned)
        after = files(folder)
        found += [{**before, MASKS: after[MASKS]}, after]  # masks are written first
    return found


def same(one, other):
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_what_was_added_is_there_when_it_is_opened_again(tmp_path):
    record = continue_search(SearchRecord.open(tmp_path, "pos", SHAPES))
    again = SearchRecord.open(tmp_path, "pos", SHAPES)

    assert again.is_finished
    assert again.candidates == record.candidates
    assert same(again.left, record.left)


def test_the_mask_of_every_round_can_be_had_back(tmp_path):
    record, mask = continue_search(SearchRecord.open(tmp_path, "pos", SHAPES)), whole_mask(SHAPES)
    for number, candidate in enumerate(record.candidates):
        assert same(record.mask(number), mask)
        assert candidate.weights == num_kept(mask)
        mask = prune(mask, importance(number), 0.3, "global")


@pytest.mark.parametrize("writes", range(2 * ROUNDS + 3))
def test_a_search_that_was_killed_between_any_two_writes_ends_the_same(tmp_path, states, writes):
    for name, content in states[writes].items():
        (tmp_path / name).write_bytes(content)
    if writes == 0:
        assert states[writes] == {}
    record = SearchRecord.open(tmp_path, "pos", SHAPES)
    assert len(record.candidates) == writes // 2
    assert record.is_finished == (writes == 2 * ROUNDS + 2)
    undisturbed = continue_search(SearchRecord.open(tmp_path / "undisturbed", "pos", SHAPES))

    for found in (continue_search(record), SearchRecord.open(tmp_path, "pos", SHAPES)):
        assert found.candidates == undisturbed.candidates
        assert same(found.left, undisturbed.left)


@pytest.mark.parametrize("rounds", range(1, ROUNDS + 1))
def test_rounds_that_are_taken_back_are_made_again(tmp_path, rounds):
    undisturbed = continue_search(SearchRecord.open(tmp_path, "pos", SHAPES))
    path = tmp_path / CANDIDATES
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:rounds]), encoding="utf-8")
    record = SearchRecord.open(tmp_path, "pos", SHAPES)

    assert not record.is_finished
    assert same(record.next_mask(), undisturbed.mask(rounds))
    assert same(continue_search(record).left, undisturbed.left)


@pytest.mark.parametrize("rounds", range(ROUNDS + 1))
def test_what_was_pruned_after_the_last_candidate_leaves_no_trace(tmp_path, states, rounds):
    """Should the round come to another mask this time (on another machine, say), that one counts."""
    for name, content in states[2 * rounds + 1].items():  # masks of the next round, and no candidate of this one
        (tmp_path / name).write_bytes(content)
    record = SearchRecord.open(tmp_path, "pos", SHAPES)
    mask = record.next_mask()
    pruned = prune(mask, importance(100 + rounds), 0.5, "global")
    record.add(Candidate(rounds, sparsity(mask), num_kept(mask), 0.5, None, 0.5, 1.0), pruned)

    for found in (record, SearchRecord.open(tmp_path, "pos", SHAPES)):
        assert same(found.mask(rounds), mask)
        assert same(found.next_mask(), pruned)


def test_a_fresh_record_keeps_every_weight_and_writes_nothing(tmp_path):
    record = SearchRecord.open(tmp_path / "new", "pos", SHAPES)

    assert not record.is_finished
    assert same(record.next_mask(), whole_mask(SHAPES))
    assert not (tmp_path / "new").exists()


def other_task(folder):
    found = MaskSet.load(folder / MASKS)
    MaskSet({"ner": found.masks["pos"]}, {"ner": found.rounds["pos"]}).save(folder / MASKS)


def without_rounds(folder):
    MaskSet(MaskSet.load(folder / MASKS).masks).save(folder / MASKS)


def other_shapes(folder):
    masks = whole_mask(dict.fromkeys(SHAPES, (1, 2, 8, 3)))
    rounds = {name: torch.zeros(of.shape, dtype=torch.uint8) for name, of in masks.items()}
    MaskSet({"pos": masks}, {"pos": rounds}).save(folder / MASKS)


DAMAGES = {
    "missing masks": lambda folder: (folder / MASKS).unlink(),
    "masks cut short": lambda folder: (folder / MASKS).write_bytes((folder / MASKS).read_bytes()[:200]),
    "candidates cut short": lambda folder: (folder / CANDIDATES).write_text('{"round": 0, "spars'),
    "candidates of another form": lambda folder: (folder / CANDIDATES).write_text(json.dumps({"round": 0}) + "\n"),
    "no candidates": lambda folder: (folder / CANDIDATES).write_text("7\n"),
    "another task": other_task,
    "no rounds": without_rounds,
    "other shapes": other_shapes,
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_damaged_or_of_another_search_is_refused_in_one_line(tmp_path, name):
    continue_search(SearchRecord.open(tmp_path, "pos", SHAPES))
    DAMAGES[name](tmp_path)
    before = files(tmp_path)

    with pytest.raises(ModelFolderError) as caught:
        SearchRecord.open(tmp_path, "pos", SHAPES)
    assert str(caught.value).startswith(f"{tmp_path}: ")
    assert str(caught.value).endswith("remove it")
    assert "\n" not in str(caught.value)
    assert files(tmp_path) == before
