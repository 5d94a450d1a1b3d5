from __future__ import annotations

import dataclasses
import io
import json

import numpy as np
import pytest
from rich.console import Console

from hf_sluice.analysis.sharing_tables import Sharing, alpha_tables, beta_table, shares_table
from hf_sluice.errors import UserError
from hf_sluice.models.presets import PRESETS
from hf_sluice.training.learned_sharing import learned_sharing
from tests.models.tiny_sluice import presets_of_tasks, tiny_model

NAMES = ("pos", "chunk", "ner", "srl", "a", "b")


def random_sharing(tasks, subspaces, layers=3, networks=None):
    units = (tasks if networks is None else networks) * subspaces
    random = np.random.default_rng(tasks * 100 + subspaces)
    return Sharing(
        NAMES[:tasks], subspaces, random.normal(size=(layers, units, units)), random.normal(size=(tasks, layers))
    )


def rendered_width(table) -> int:
    console = Console(file=io.StringIO(), width=500)
    console.print(table.rich())
    return max(map(len, console.file.getvalue().splitlines()))


def cells(table) -> dict[tuple[str, str], str]:
    return {(row[0], head): cell for row in table.rows for head, cell in zip(table.columns[1:], row[1:], strict=True)}


@pytest.mark.parametrize("tasks", [1, 2, 4])
@pytest.mark.parametrize("subspaces", [1, 2, 4])
@pytest.mark.parametrize("width", [40, 80, 120, 400])
def test_every_value_of_alpha_stands_in_its_row_and_column(tasks, subspaces, width):
    sharing = random_sharing(tasks, subspaces)
    by_layer = [alpha_tables(sharing, layer, width) for layer in (1, 2, 3)]

    for layer, tables in enumerate(by_layer):
        found = {key: cell for table in tables for key, cell in cells(table).items()}
        assert len(found) == sharing.alpha[layer].size
        for i, target in enumerate(sharing.subspaces):
            for j, source in enumerate(sharing.subspaces):
                assert float(found[target, source]) == pytest.approx(sharing.alpha[layer, i, j], abs=0.00501)
        assert all(f"layer {layer + 1}" in table.title for table in tables)
    assert alpha_tables(sharing, None, width) == [table for tables in by_layer for table in tables]


@pytest.mark.parametrize(("tasks", "subspaces"), [(4, 2), (4, 4), (6, 2)])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_tables_fit_and_are_cut_between_networks_alone(tasks, subspaces, width):
    for table in alpha_tables(random_sharing(tasks, subspaces), 1, width):
        assert rendered_width(table) <= width
        heads = [head.split("·")[0] for head in table.columns[1:]]
        assert all(heads.count(name) == subspaces for name in heads)


def test_four_tasks_of_two_subspaces_are_one_table_of_80_columns():
    assert len(alpha_tables(random_sharing(4, 2, layers=1), width=80)) == 1


def test_beta_has_a_row_per_task_and_a_column_per_layer():
    sharing = random_sharing(2, 2)
    assert cells(beta_table(sharing)) == {
        (task, f"layer {k + 1}"): f"{sharing.beta[m, k]:.2f}" for m, task in enumerate(sharing.tasks) for k in range(3)
    }


def test_what_networks_draw_from_each_other_is_averaged_over_subspaces():
    alpha = np.zeros((2, 4, 4))
    alpha[0, :2, 2:] = [[0.1, -0.3], [0.2, 0.0]]  # the first network from the second, layer 1
    alpha[1, 3, 3] = 1.0
    expected = [[[0, 0.15], [0, 0]], [[0, 0], [0, 0.25]]]

    assert Sharing(("pos", "ner"), 2, alpha, np.ones((2, 2))).block_means() == pytest.approx(np.array(expected))


def test_shares_are_those_of_the_sums():
    sharing = random_sharing(3, 2)
    shares = sharing.shares()

    assert shares.sum(axis=1) == pytest.approx(np.ones(3))
    for target in range(3):
        drawn = [
            sum(
                abs(sharing.alpha[k, target * 2 + s, source * 2 + r])
                for k in range(3) for s in range(2) for r in range(2)
            )
            for source in range(3)
        ]  # fmt: skip
        assert shares[target] == pytest.approx(np.array(drawn) / sum(drawn))


@pytest.mark.parametrize(
    ("alpha", "own"), [(np.eye(4), "100.0 %"), (np.ones((4, 4)), "50.0 %"), (np.ones((4, 4)) - np.eye(4), "33.3 %")]
)
def test_the_share_of_oneself(alpha, own):
    sharing = Sharing(("pos", "ner"), 2, alpha[None], np.ones((2, 1)))
    found = cells(shares_table(sharing))

    assert found["pos", "itself"] == found["ner", "itself"] == found["pos", "from pos"] == own
    assert float(found["pos", "others"][:-2]) + float(own[:-2]) == pytest.approx(100)
    assert found["pos", "others"] == found["pos", "from ner"]


def test_a_network_that_draws_nothing_has_no_shares():
    sharing = Sharing(("pos", "ner"), 1, np.array([[[0.0, 0.0], [1.0, 3.0]]]), np.ones((2, 1)))

    assert cells(shares_table(sharing))["pos", "itself"] == "-"
    assert cells(shares_table(sharing))["ner", "itself"] == "75.0 %"
    assert sharing.to_dict()["shares"] == {"pos": {"pos": None, "ner": None}, "ner": {"pos": 0.25, "ner": 0.75}}


@pytest.mark.parametrize("subspaces", [1, 2])
def test_names_of_networks_and_subspaces(subspaces):
    several, shared = random_sharing(2, subspaces), random_sharing(2, subspaces, networks=1)

    assert several.networks == ("pos", "chunk")
    assert shared.networks == ("shared",)
    assert several.subspaces == (("pos", "chunk") if subspaces == 1 else ("pos·1", "pos·2", "chunk·1", "chunk·2"))
    assert shared.subspaces == (("shared",) if subspaces == 1 else ("shared·1", "shared·2"))


@pytest.mark.parametrize("layer", [0, 4, -1])
def test_a_layer_that_is_not_there_is_an_error(layer):
    with pytest.raises(UserError, match=f"layer {layer}: the model has layers 1 to 3"):
        alpha_tables(random_sharing(2, 2), layer)


def test_no_zero_is_negative():
    sharing = Sharing(("pos",), 1, np.array([[[-0.001]]]), np.array([[-0.0]]))

    assert cells(alpha_tables(sharing)[0])["pos", "pos"] == "0.00"
    assert cells(beta_table(sharing))["pos", "layer 1"] == "0.00"


@pytest.mark.parametrize("preset", [sharing for sharing, _ in presets_of_tasks(2)])
def test_a_model_and_the_results_of_its_run_say_the_same(preset):
    model = tiny_model(2, sharing=preset)
    of_model = Sharing.of_model(model)
    results = {
        "tasks": model.config.tasks,
        "num_subspaces": model.config.num_subspaces,
        "alpha": model.alpha.tolist(),
        "beta": model.beta.tolist(),
    }

    assert of_model.to_dict() == Sharing.of_results(json.loads(json.dumps(results))).to_dict()
    assert of_model.alpha.shape == tuple(model.alpha.shape)
    assert of_model.networks == (("shared",) if PRESETS[preset].one_network else ("task0", "task1"))
    assert len(of_model.subspaces) == of_model.alpha.shape[-1]
    np.testing.assert_allclose(of_model.shares().sum(1), 1)
    assert len(alpha_tables(of_model, 1)[0].rows) == len(of_model.subspaces)


@pytest.mark.parametrize(
    ("networks", "read", "names"),
    [
        (3, (1, 0), ("chunk", "pos", "network 3")),
        (3, (2, 2), ("network 1", "network 2", "shared by pos, chunk")),
        (1, (0, 0), ("shared",)),
        (2, None, ("pos", "chunk")),
        (1, None, ("shared",)),
    ],
)
def test_networks_are_named_by_the_tasks_that_read_them(networks, read, names):
    sharing = dataclasses.replace(random_sharing(2, 2, networks=networks), task_networks=read)
    assert sharing.networks == names
    assert len(sharing.subspaces) == 2 * networks
    assert list(sharing.to_dict()["shares"]) == list(names)


def test_the_results_of_a_run_say_which_networks_tasks_read():
    alpha = np.random.default_rng(0).normal(size=(6, 6)).tolist()
    model = tiny_model(2, sharing="fixed", alpha_init=alpha, task_networks={"task0": 3, "task1": 1})
    results = {"tasks": model.config.tasks, **learned_sharing(model)}

    assert Sharing.of_results(json.loads(json.dumps(results))).networks == ("task1", "network 2", "task0")
    assert Sharing.of_model(model).networks == ("task1", "network 2", "task0")
