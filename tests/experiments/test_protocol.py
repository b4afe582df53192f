"""The protocol's quirks, and that an interrupted run goes on as if nothing had happened."""

from fractions import Fraction

import numpy as np
import pytest

from theorycheck.errors import InvalidInstance
from theorycheck.experiments.floating_nets import FloatNet, xavier_uniform
from theorycheck.experiments.protocol import Record, Run, descend_recorded, distances
from theorycheck.experiments.store import Store

WIDTHS = (3, 4, 2)
RUN = Run(Fraction(1, 4), 1, 12, 4)


def made(*, relu):
    source = np.random.default_rng(5)
    return FloatNet(source.standard_normal((3, 6)), np.eye(2)[[0, 1, 1, 0, 1, 0]].T.copy(), relu)


@pytest.fixture
def net():
    return made(relu=True)


@pytest.fixture
def store(tmp_path):
    kept = Store(tmp_path / "runs.sqlite")
    yield kept
    kept.close()


def quiet(done, total):
    """Tell nobody."""


def recorded(net, store, run=RUN, progress=quiet, **identity):
    return descend_recorded(net, xavier_uniform(WIDTHS, 3), run, store, identity, progress)


def path_of(net, eta, steps):
    """All iterates and their losses, by a loop of its own."""
    layers, found = xavier_uniform(WIDTHS, 3), []
    for _ in range(steps + 1):
        loss, gradient = net.loss_and_gradient(layers)
        found.append((loss, layers))
        layers = [w - eta * g for w, g in zip(layers, gradient, strict=True)]
    return found


@pytest.mark.parametrize("ratio", [1, 5])
def test_loss_is_taken_before_the_step_and_weights_after_it(net, store, ratio):
    run = Run(RUN.step_size, ratio, RUN.iterations, RUN.records)
    path = path_of(net, 0.25 / ratio, 12 * ratio)
    records = recorded(net, store, run)

    assert [record.iteration for record in records] == [0, *(3 * ratio * k for k in (1, 2, 3, 4))]
    for record in records[1:]:
        assert record.loss == path[record.iteration - 1][0]
        np.testing.assert_array_equal(record.layers[0], path[record.iteration][1][0])
    assert records[0].loss == path[0][0]
    np.testing.assert_array_equal(records[0].layers[1], path[0][1][1])


def test_runs_are_compared_at_matched_times(store):
    """A twentieth of the step is a twentieth of the error, in first order."""
    smooth = made(relu=False)
    runs = {r: recorded(smooth, store, Run(Fraction(1, 64), r, 12, 4)) for r in (1, 2, 20, 200)}
    coarse, fine = (distances(runs[r], runs[200])[-1] for r in (1, 20))

    assert distances(runs[1], runs[2])[0] == 0
    assert coarse / fine == pytest.approx((1 - 1 / 200) / (1 / 20 - 1 / 200), rel=0.05)


def test_interrupted_run_goes_on_where_it_stopped(net, store):
    class Stop(Exception):
        pass

    def stop(done, total):
        if done == 3:
            raise Stop

    with pytest.raises(Stop):
        recorded(net, store, progress=stop)
    told = []
    resumed = recorded(net, store, progress=lambda done, total: told.append(done))

    assert told == [3, 4, 5]
    whole = recorded(net, store, another="key")
    for a, b in zip(resumed, whole, strict=True):
        assert a.loss == b.loss
        assert distances([a], [b]) == [0.0]


def test_other_settings_never_share_a_piece(net, store):
    first = recorded(net, store)
    other = recorded(net, store, Run(Fraction(1, 5), 1, 12, 4))

    assert first[-1].loss != other[-1].loss
    assert recorded(net, store)[-1].loss == first[-1].loss


def test_record_survives_its_bytes(net):
    record = Record(7, 0.1, [np.array([[1 / 3, -0.0]]), np.array([[2.0]])])
    again = Record.from_bytes(record.to_bytes())

    assert (again.iteration, again.loss) == (7, 0.1)
    assert [w.tobytes() for w in again.layers] == [w.tobytes() for w in record.layers]


def test_divergence_is_refused_with_its_step_size(net, store):
    with pytest.raises(InvalidInstance, match=r"step size 10+.*--step-size"):
        recorded(net, store, Run(Fraction(10) ** 60, 1, 12, 4))


def test_store_refuses_a_file_of_another_kind(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("not a database, and long enough to be read as a header" * 40)

    with pytest.raises(InvalidInstance, match=r"notes\.txt"):
        Store(file)


def test_pieces_stop_at_the_first_gap(store):
    for number in (0, 1, 3):
        store.put("stage", number, bytes([number]))

    assert store.pieces("stage") == [b"\0", b"\1"]
