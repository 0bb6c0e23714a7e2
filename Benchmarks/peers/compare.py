"""Runs the peers and `millrace eval` over the same streams in rotation, on one core, and prints medians and ratios.

Called by `make bench-peers` in the environment that `install` made; see Benchmarks/README.md.
"""
import argparse
import pathlib
import statistics
import sys

from contenders import Millrace, MoaFromFile, MoaInMemory, NotYet, River, VowpalWabbit, run
from streams import EXAMPLES, Stream

ROOT = pathlib.Path(__file__).parent.parent.parent


def contenders(options):
    """By learner. The trees and forests get a tenth of the rows, River what it manages in some seconds."""
    whole, tenth = options.rows, max(1, options.rows // 10)

    def millrace(learner, rows):
        return Millrace(options.millrace, learner, rows)

    def moa(learner, rows, target, warmup):
        return MoaInMemory(options.moa, options.classes, learner, rows, warmup, target)

    def river(learner, rows, target=None):
        return River(learner, min(rows, whole), target)

    return {
        "logistic_regression": [
            millrace("logistic_regression", whole), VowpalWabbit(whole, 2), VowpalWabbit(whole, 2, ["--sgd"]),
            river("logistic_regression", 300_000, 20)],
        "gaussian_nb": [
            millrace("gaussian_nb", whole), MoaFromFile(options.moa, "gaussian_nb", whole, 2),
            moa("gaussian_nb", whole, 2, 500_000), river("gaussian_nb", 50_000)],
        "hoeffding_tree": [
            millrace("hoeffding_tree", tenth), moa("hoeffding_tree", tenth, 3, 500_000),
            river("hoeffding_tree", 100_000, 30)],
        "adaptive_random_forest": [
            millrace("adaptive_random_forest", tenth), moa("adaptive_random_forest", tenth, 8, 50_000),
            river("adaptive_random_forest", 10_000, 40)],
    }


class Results:
    """The measurements of one learner on one stream."""

    def __init__(self, learner, stream, contenders):
        self.learner = learner
        self.stream = stream
        self.contenders = contenders
        self.runs = {contender.name: [] for contender in contenders}
        self.missing = set()

    def measure(self, core):
        """One round: every contender once, and its start-up, a run over one row."""
        for contender in self.contenders:
            if contender.name in self.missing:
                continue
            try:
                start = None if contender.measures_loop else run(contender.command(self.stream, 1), core)
                self.runs[contender.name].append((start, run(contender.command(self.stream, contender.rows), core)))
            except NotYet as problem:
                print(problem, file=sys.stderr)
                self.missing.add(contender.name)

    def seconds(self, contender):
        """Median seconds of the events alone, wall and CPU; nothing when it never ran."""
        runs = self.runs[contender.name]
        if not runs:
            return None
        if contender.measures_loop:
            return (
                statistics.median(measured.loop_wall for _, measured in runs),
                statistics.median(measured.loop_cpu for _, measured in runs))
        return (
            statistics.median(measured.wall - start.wall for start, measured in runs),
            statistics.median(measured.cpu - start.cpu for start, measured in runs))

    def lines(self):
        first = self.contenders[0]
        ours = self.seconds(first)
        yield f"{self.learner}, {self.stream.name}"
        yield row("", "rows", "wall s", "start s", "events/s", "ns/event", "cpu ns", "ours/peer", "by cpu", "target")
        for contender in self.contenders:
            runs = self.runs[contender.name]
            if not runs:
                yield row(contender.name, "not yet")
                continue
            seconds, cpu = self.seconds(contender)
            rate = contender.rows / seconds
            cells = [f"{contender.rows:,}"]
            if contender.measures_loop:
                cells += [f"{seconds:.2f}", "-"]
            else:
                cells += [f"{statistics.median(measured.wall for _, measured in runs):.2f}"]
                cells += [f"{statistics.median(start.wall for start, _ in runs):.2f}"]
            cells += [f"{rate:,.0f}", f"{1e9 / rate:,.0f}", f"{cpu / contender.rows * 1e9:,.0f}"]
            if ours and contender is not first:
                ratio, by_cpu = (
                    (peer / contender.rows) / (own / first.rows) for peer, own in zip((seconds, cpu), ours))
                cells += [f"{ratio:.2f}", f"{by_cpu:.2f}"]
                if contender.target:
                    cells += [f"{contender.target} {'met' if ratio >= contender.target else 'MISSED'}"]
            yield row(contender.name, *cells)


def row(name, *cells):
    return f"  {name:<22}" + "".join(f"{cell:>12}" for cell in cells)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--millrace", required=True, help="the release build")
    parser.add_argument("--moa", required=True, help="moa.jar")
    parser.add_argument("--classes", required=True, help="where MoaPeer was compiled to")
    parser.add_argument("--scratch", required=True, help="for the streams")
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--core", type=int, default=1)
    parser.add_argument("--streams", default=",".join(EXAMPLES))
    parser.add_argument("--learners", default="")
    options = parser.parse_args()

    print(f"{options.rounds} rounds in rotation, medians, core {options.core}. Start-up, a run over one row, is off.")
    print("Wall seconds are the whole process; of MOA in memory its loop alone. River gets fewer rows.")
    print("On a machine that does other things too, `cpu ns` and the ratio by it are the steadier figures.")
    table = contenders(options)
    chosen = [name for name in options.learners.split(",") if name] or list(table)
    for name in options.streams.split(","):
        stream = Stream(name, ROOT / "examples", pathlib.Path(options.scratch) / "streams")
        results = [Results(learner, stream, table[learner]) for learner in chosen]
        for result in results:
            for contender in result.contenders:  # the files are written before anything is timed
                contender.command(stream, 1)
                contender.command(stream, contender.rows)
        for number in range(options.rounds):
            for result in results:
                print(f"{name}, round {number + 1}: {result.learner}", file=sys.stderr)
                result.measure(options.core)
        for result in results:
            print()
            print("\n".join(result.lines()), flush=True)


if __name__ == "__main__":
    main()
