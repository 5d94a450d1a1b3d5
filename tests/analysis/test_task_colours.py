from hf_sluice.analysis.task_colours import task_colour


def test_ten_tasks_differ_and_then_colours_begin_again():
    colours = [task_colour(number) for number in range(12)]
    assert len(set(colours[:10])) == 10
    assert colours[10:] == colours[:2]
