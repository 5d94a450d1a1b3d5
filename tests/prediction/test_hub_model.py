import pytest

from hf_sluice.errors import ModelFolderError
from hf_sluice.prediction.hub_model import HubModel
from hf_sluice.prediction.model_folder import find_model, load_tagger, recipe_of_run
from tests.hub_server import Fault
from tests.prediction.tiny_tagger import tiny_tagger


@pytest.mark.parametrize(
    ("name", "repository", "revision"),
    [
        ("user/repo", "user/repo", None),
        ("repo", "repo", None),
        ("user/repo-1.b@v1", "user/repo-1.b", "v1"),
        ("user/repo@refs/pr/1", "user/repo", "refs/pr/1"),
        ("user/repo@0123abc", "user/repo", "0123abc"),
    ],
)
def test_names(name, repository, revision):
    assert HubModel.parse(name) == HubModel(repository, revision)


@pytest.mark.parametrize(
    "name", ["a/b/c", "user/repo@", "user/repo@-x", "", "user/re po", "/user/repo", "user/repo@a b"]
)
def test_what_is_no_name(name):
    assert HubModel.parse(name) is None


@pytest.fixture
def pushed(hub):
    """A model on the main branch, another one on a branch."""
    for branch, seed in (("main", 0), ("other", 1)):
        model, tokenizer = tiny_tagger()
        model.base.alpha_weights.free.data.fill_(seed)
        model.push_to_hub("user/repo", tokenizer=tokenizer, revision=branch)
    hub.repository("user/repo").put({"recipe.yaml": b"tasks: [pos]\n"})
    return hub


@pytest.mark.parametrize(("name", "value"), [("user/repo", 0), ("user/repo@main", 0), ("user/repo@other", 1)])
def test_a_model_is_loaded_at_its_revision(pushed, name, value):
    assert load_tagger(name).model.alpha.unique().tolist() == [value]
    pushed.faults.append(Fault("500"))  # from then on it is there, whatever becomes of the Hub
    assert load_tagger(name).model.alpha.unique().tolist() == [value]


@pytest.mark.usefixtures("pushed")
def test_the_recipe_that_came_with_a_model():
    assert recipe_of_run(find_model("user/repo")).read_text(encoding="utf-8") == "tasks: [pos]\n"
    with pytest.raises(ModelFolderError, match="give --recipe"):
        recipe_of_run(find_model("user/repo@other"))


def test_what_cannot_be_fetched_is_said_in_one_line(pushed):
    pushed.repository("user/empty")
    messages = {
        "user/repo@nosuch": "the model on the Hub has no revision 'nosuch'",
        "user/nosuch": "no such folder, and no model of this name on the Hub, or it is not for everybody",
        "user/empty": "holds no model; config.json is missing",
        "user/re po": "no such folder",
    }
    for name, message in messages.items():
        with pytest.raises(ModelFolderError) as caught:
            find_model(name)
        assert str(caught.value).startswith(f"{name}: {message}")
        assert "\n" not in str(caught.value)
    pushed.faults.append(Fault("429"))
    with pytest.raises(ModelFolderError, match=r"user/other: no such folder, and no model .* \(.+\)"):
        find_model("user/other")
