import multiprocessing
import threading
from functools import partial

import pytest
import torch

from hf_sluice.models.side_by_side import _WORTH, side_by_side


@pytest.fixture(name="threads")
def as_many_threads(monkeypatch):
    monkeypatch.setenv("GOMP_SPINCOUNT", "1000")
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def where_it_runs(number):
    return number, threading.current_thread().name.startswith("hf_sluice"), torch.get_num_threads()


def run(pieces, work=_WORTH):
    return side_by_side([partial(where_it_runs, number) for number in range(pieces)], work)


def test_results_are_in_the_order_of_the_pieces_and_threads_compute_alone(threads):
    threads(2)
    assert run(5) == [(number, True, 1) for number in range(5)]
    assert torch.get_num_threads() == 2


def test_threads_that_others_begin_are_left_as_they_were(threads):
    threads(2)
    run(4)
    seen = []
    other = threading.Thread(target=lambda: seen.append(torch.get_num_threads()))
    other.start()
    other.join()
    assert seen == [2]


@pytest.mark.parametrize(("number", "pieces", "work"), [(1, 4, _WORTH), (3, 2, _WORTH), (2, 4, _WORTH - 1)])
def test_what_would_not_pay_stays_where_it_is(threads, number, pieces, work):
    threads(number)
    assert run(pieces, work) == [(piece, False, number) for piece in range(pieces)]


def test_threads_that_stay_awake_are_not_disturbed(threads, monkeypatch):
    threads(2)
    monkeypatch.delenv("GOMP_SPINCOUNT")
    assert run(4) == [(piece, False, 2) for piece in range(4)]


def test_an_exception_of_a_piece_is_raised(threads):
    threads(2)
    with pytest.raises(ZeroDivisionError):
        side_by_side([lambda: 1, lambda: 1 // 0], _WORTH)


def in_a_fork(connection):
    connection.send(run(2))


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork")
def test_a_fork_has_threads_of_its_own(threads):
    threads(2)
    run(2)
    ours, theirs = multiprocessing.Pipe()
    fork = multiprocessing.get_context("fork").Process(target=in_a_fork, args=(theirs,))
    fork.start()
    try:
        assert ours.poll(30)
        assert [at_work for _, at_work, _ in ours.recv()] == [True, True]
    finally:
        fork.kill()
        fork.join()
