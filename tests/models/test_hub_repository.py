import pytest
from huggingface_hub import HfApi, get_session

from hf_sluice.models.hub_repository import limited_waiting
from tests.hub_server import Fault


def limits(url, **values):
    """How long a request waits, by what the transport is told."""
    seen = []
    session = get_session()
    before = session.event_hooks
    session.event_hooks = {**before, "request": [*before["request"], lambda request: seen.append(request.extensions)]}
    try:
        session.get(url, **values)
    finally:
        session.event_hooks = before
    return {value for waits in seen for value in waits["timeout"].values()}


def test_no_wait_is_without_a_limit_while_the_block_lasts(hub):
    before = get_session().event_hooks
    assert limits(hub.url) == {None}
    with limited_waiting():
        assert limits(hub.url) == {120.0}
        assert limits(hub.url, timeout=None) == {120.0}
        assert limits(hub.url, timeout=3.0) == {3.0}
    assert limits(hub.url) == {None}
    assert get_session().event_hooks == before


@pytest.mark.parametrize("call", [HfApi.list_repo_files, HfApi.model_info, HfApi.list_repo_refs])
def test_no_call_of_the_client_waits_for_ever(hub, monkeypatch, call):
    monkeypatch.setattr("hf_sluice.models.hub_repository._SECONDS", 0.05)
    monkeypatch.setattr("time.sleep", lambda _: None)
    hub.repository("user/repo")
    hub.faults.append(Fault("hang"))
    with limited_waiting(), pytest.raises(Exception, match="timed out"):
        call(HfApi(), "user/repo")
