from __future__ import annotations

import sys

import pytest
import torch

from hf_sluice.errors import UserError
from hf_sluice.tasks import Task
from hf_sluice.training.objectives.aggregation import GradientAggregation, aggregated, make_aggregator
from hf_sluice.training.objectives.objective import StepLosses
from hf_sluice.training.objectives.settings import ObjectiveSettings
from tests.models.tiny_sluice import tiny_batch, tiny_labels, tiny_model
from tests.training.objectives.toy_losses import NO_PENALTY, accelerator, parameter, step_of, tasks_of

aggregation = pytest.importorskip("torchjd.aggregation")

METHODS = ("pcgrad", "mgda", "imtl_g", "aligned_mtl", "config", "graddrop")
WEIGHTING = ("pcgrad", "mgda", "imtl_g", "aligned_mtl")


def aggregator_of(name):
    return make_aggregator(ObjectiveSettings(name))


def matrix(*rows):
    return torch.tensor(rows)


def test_of_conflicting_gradients_pcgrad_projects_each_on_the_plane_of_the_other():
    found, weights = aggregated(matrix((2.0, 1.0), (-1.0, 1.0)), aggregator_of("pcgrad"))

    # g1·g2 = −1, |g1|² = 5, |g2|² = 2: g1 + g2/2 = (1.5, 1.5) and g2 + g1/5 = (−0.6, 1.2)
    assert found.tolist() == pytest.approx([0.9, 2.7])
    assert weights.tolist() == pytest.approx([1.2, 1.5])


def test_of_gradients_that_agree_pcgrad_takes_the_sum():
    found, weights = aggregated(matrix((2.0, 1.0), (1.0, 1.0)), aggregator_of("pcgrad"))

    assert found.tolist() == [3.0, 2.0]
    assert weights.tolist() == [1.0, 1.0]


def test_mgda_takes_the_shortest_vector_between_the_gradients():
    found, weights = aggregated(matrix((2.0, 2.0), (1.0, -1.0)), aggregator_of("mgda"))

    assert found.tolist() == pytest.approx([1.2, -0.4])
    assert weights.tolist() == pytest.approx([0.2, 0.8])


def test_imtl_g_takes_a_vector_of_equal_projections():
    jacobian = matrix((2.0, 0.5), (-0.5, 1.0))
    found, _ = aggregated(jacobian, aggregator_of("imtl_g"))
    one, other = jacobian @ found / jacobian.norm(dim=1)

    assert one == pytest.approx(other.item(), rel=1e-5)


def test_cagrad_without_a_radius_takes_the_mean():
    pytest.importorskip("cvxpy")
    jacobian = matrix((2.0, 1.0), (-1.0, 1.0))
    mean, _ = aggregated(jacobian, make_aggregator(ObjectiveSettings("cagrad", radius=0.0)))
    found, _ = aggregated(jacobian, make_aggregator(ObjectiveSettings("cagrad")))

    assert mean.tolist() == pytest.approx([0.5, 1.0])
    assert (jacobian @ found).min() > (jacobian @ mean).min()  # the task that is worst off gains


@pytest.mark.parametrize("name", METHODS)
def test_what_one_task_alone_moves_gets_that_tasks_gradient(name):
    jacobian = matrix((3.0, 0.0, 2.0, 1.0, 0.0), (0.0, -5.0, -1.0, 1.0, 0.0))
    found, _ = aggregated(jacobian, aggregator_of(name))
    alone, weights = aggregated(jacobian[:, 2:4], aggregator_of(name))

    assert found[[0, 1, 4]].tolist() == [3.0, -5.0, 0.0]
    if name != "graddrop":  # which draws at random
        assert torch.equal(found[2:4], alone)
    assert (weights is not None) == (name in WEIGHTING)


@pytest.mark.parametrize("name", METHODS)
def test_where_nothing_is_shared_every_task_has_its_own_gradient(name):
    found, weights = aggregated(matrix((3.0, 0.0), (0.0, -5.0)), aggregator_of(name))

    assert found.tolist() == [3.0, -5.0]
    assert weights is None


def tagger_and_losses(sharing):
    model = tiny_model(sharing=sharing)
    batch = tiny_batch()
    return model, model(**batch, labels=tiny_labels(model.config, batch)).losses


def objective_of(model, *weights, name="mgda"):
    tasks = [Task(f"task{i}", ("X", "Y"), weight=weight) for i, weight in enumerate(weights)]
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    return GradientAggregation(tasks, accelerator(), parameters, aggregator_of(name))


@pytest.mark.parametrize("sharing", ["sluice", "hard_sharing"])
def test_of_a_tagger_heads_and_beta_get_exactly_their_own_gradient_and_nothing_else_does(sharing):
    (model, losses), (other, expected) = tagger_and_losses(sharing), tagger_and_losses(sharing)
    objective_of(model, 0.5, 2.0).backward(StepLosses(losses, NO_PENALTY, [*losses]))
    (0.5 * expected["task0"] + 2.0 * expected["task1"]).backward()
    of_others = {name: value.grad for name, value in other.named_parameters()}
    same = {name for name, value in model.named_parameters() if torch.equal(value.grad, of_others[name])}

    # A row of β is one task's, though all rows lie in one tensor.
    assert same == {name for name in of_others if name.startswith(("heads.", "sluice.beta_weights."))}


def test_the_penalty_enters_once_and_unweighted():
    (model, losses), (other, expected) = tagger_and_losses("sluice"), tagger_and_losses("sluice")
    for one, of_one, penalty in ((model, losses, model.sluice.penalty()), (other, expected, NO_PENALTY)):
        objective_of(one, 1.0, 1.0).backward(StepLosses(of_one, 3 * penalty, [*of_one]))
    alone = torch.autograd.grad(3 * other.sluice.penalty(), [*other.parameters()], materialize_grads=True)

    for one, two, of_penalty in zip(model.parameters(), other.parameters(), alone, strict=True):
        torch.testing.assert_close(one.grad, two.grad + of_penalty)


def test_tasks_without_labels_stay_out_of_it():
    theta = parameter(1.0, 1.0)
    objective = GradientAggregation(tasks_of(1.0, 4.0), accelerator(), [theta], aggregator_of("mgda"))
    objective.backward(step_of(theta.sum(), (theta * 0).sum(), labelled=["a"]))

    assert theta.grad.tolist() == [1.0, 1.0]
    assert objective.values() == {}


def test_the_weights_of_an_epoch_are_means_over_its_steps():
    theta = parameter(1.0, 1.0)
    objective = GradientAggregation(tasks_of(1.0, 1.0), accelerator(), [theta], aggregator_of("mgda"))
    for gradients in (((2.0, 2.0), (1.0, -1.0)), ((1.0, 1.0), (1.0, -1.0))):
        objective.backward(step_of(*(theta @ torch.tensor(gradient) for gradient in gradients)))
    expected = {"a": (0.2 + 0.5) / 2, "b": (0.8 + 0.5) / 2}

    assert objective.values()["weights"] == pytest.approx(expected)
    resumed = GradientAggregation(tasks_of(1.0, 1.0), accelerator(), [theta], aggregator_of("mgda"))
    resumed.load_state_dict(objective.state_dict())
    assert resumed.values() == objective.values()
    objective.finish_epoch({})
    assert objective.values() == {}


@pytest.mark.parametrize(
    ("name", "missing", "extra"), [("pcgrad", "torchjd", "torchjd"), ("cagrad", "torchjd", "cagrad")]
)
def test_a_library_that_is_missing_is_named(monkeypatch, name, missing, extra):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(UserError) as caught:
        aggregator_of(name)

    assert (
        str(caught.value) == f"training.objective: what {name} needs is not installed; pip install 'hf-sluice[{extra}]'"
    )


def test_a_solver_that_is_missing_is_named(monkeypatch):
    monkeypatch.setattr("torchjd._mixins.find_spec", lambda _name: None)
    with pytest.raises(UserError, match=r"what cagrad needs is not installed; pip install 'hf-sluice\[cagrad\]'$"):
        aggregator_of("cagrad")
