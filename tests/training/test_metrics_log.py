from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_sluice.training.metrics_log import MetricsLog

values = st.dictionaries(st.text(max_size=5).map("x_{}".format), st.one_of(st.none(), st.integers(), st.text()))


@pytest.fixture
def log(tmp_path):
    return MetricsLog(tmp_path / "metrics.jsonl")


def steps_of(log):
    return [event["step"] for event in log.read()]


@given(st.lists(values, max_size=4))
def test_what_is_written_is_read(tmp_path_factory, events):
    log = MetricsLog(tmp_path_factory.mktemp("log") / "metrics.jsonl")
    for step, event in enumerate(events):
        log.write("epoch", step, **event)

    assert log.read() == [{"event": "epoch", "step": step, **event} for step, event in enumerate(events)]


def test_each_event_is_a_line_of_json(log, tmp_path):
    log.write("epoch", 3, losses={"größe": 0.5})
    log.write("end", 4)

    assert (tmp_path / "metrics.jsonl").read_text(encoding="utf-8").split("\n") == [
        '{"event": "epoch", "step": 3, "losses": {"größe": 0.5}}', '{"event": "end", "step": 4}', "",
    ]  # fmt: skip


def test_where_there_is_no_file_nothing_happened(log):
    assert log.read() == []


def test_a_line_cut_off_by_a_crash_is_left_out(log, tmp_path):
    log.write("epoch", 1)
    log.write("epoch", 2)
    path = tmp_path / "metrics.jsonl"
    whole = path.read_bytes()

    for cut in range(1, len(json.dumps({"event": "epoch", "step": 2})) + 1):
        path.write_bytes(whole[:-cut])
        assert steps_of(log) == [1]


@pytest.mark.parametrize("step", [0, 1, 4, 5, 9])
def test_rewinding_drops_what_came_after_a_step(log, step):
    written = [1, 4, 4, 9]
    for number in written:
        log.write("epoch", number)
    log.rewind(step)

    assert steps_of(log) == [number for number in written if number <= step]


def test_rewinding_removes_a_cut_off_line_so_that_the_next_one_is_whole(log, tmp_path):
    log.write("epoch", 1, name="größe")
    with (tmp_path / "metrics.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"event": "ep')
    log.rewind(1)
    log.write("epoch", 2)

    assert steps_of(log) == [1, 2]
    assert log.read()[0]["name"] == "größe"
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.jsonl"]


def test_rewinding_nothing_is_no_error(log):
    log.rewind(0)

    assert log.read() == []
