"""The programs that are compared: what runs each of them over a stream, and what of it counts."""
import json
import math
import os
import pathlib
import resource
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).parent
NOT_YET = 78


class NotYet(Exception):
    """This version of Millrace does not have the learner."""


class Measurement:
    """Seconds of one run: `wall` and `cpu` of the whole process from outside; of its own loop as the program says."""

    def __init__(self, wall, cpu, output):
        self.wall = wall
        self.cpu = cpu
        self.loop_wall = output.get("seconds")
        self.loop_cpu = output.get("cpu")


def run(command, core):
    """Runs it on one core; its last line of output is its JSON."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    output, errors = process.communicate()
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    if process.returncode == NOT_YET and b"not yet" in errors:
        raise NotYet(errors.decode().strip().splitlines()[-1])
    if process.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}:\n{errors.decode()[-2000:]}")
    lines = [line for line in output.decode().splitlines() if line.startswith("{")]
    return Measurement(wall, cpu, json.loads(lines[-1]) if lines else {})


class Contender:
    """`rows` is how many it is given; `target` how many times its rate Millrace's has to be, or nothing."""

    measures_loop = False  # the program times its own loop, start-up and loading left out

    def __init__(self, name, rows, target=None):
        self.name = name
        self.rows = rows
        self.target = target

    def command(self, stream, rows):
        raise NotImplementedError


class Millrace(Contender):
    def __init__(self, binary, learner, rows):
        super().__init__("millrace eval", rows)
        self.binary = binary
        self.learner = learner

    def command(self, stream, rows):
        pipeline = HERE / "pipelines" / stream.name / f"{self.learner}.yaml"
        return [self.binary, "eval", pipeline, "--input", stream.csv(rows), "--json"]


class VowpalWabbit(Contender):
    def __init__(self, rows, target, arguments=()):
        super().__init__(" ".join(["vw", *arguments]), rows, target)
        self.arguments = arguments

    def command(self, stream, rows):
        return [sys.executable, HERE / "vw_peer.py", stream.vw(rows), *self.arguments]


class River(Contender):
    def __init__(self, learner, rows, target=None):
        super().__init__("river", rows, target)
        self.learner = learner

    def command(self, stream, rows):
        return [sys.executable, HERE / "river_peer.py", stream.csv(stream.count), self.learner, rows]


def moa_learner(name, stream):
    """MOA's defaults are ours; the forest takes the square root of the features a split, as ours and River's do."""
    features = round(math.sqrt(len(stream.features)))
    return {
        "gaussian_nb": "bayes.NaiveBayes",
        "hoeffding_tree": "trees.HoeffdingTree",
        "adaptive_random_forest":
            f"meta.AdaptiveRandomForest -s 10 -o (Specified m (integer value)) -m {features}",
    }[name]


class MoaInMemory(Contender):
    """The stream in memory, the machine warm: only the loop counts."""

    measures_loop = True

    def __init__(self, jar, classes, learner, rows, warmup, target=None):
        super().__init__("moa, warm, in memory", rows, target)
        self.jar = jar
        self.classes = classes
        self.learner = learner
        self.warmup = warmup

    def command(self, stream, rows):
        return [
            "java", "-Xmx2g", "-cp", f"{self.jar}:{self.classes}", "MoaPeer", stream.csv(stream.count),
            moa_learner(self.learner, stream), rows, min(rows, self.warmup)]


class MoaFromFile(Contender):
    """MOA's own prequential task over an ARFF file, which its own reader parses."""

    def __init__(self, jar, learner, rows, target=None):
        super().__init__("moa, from a file", rows, target)
        self.jar = jar
        self.learner = learner

    def command(self, stream, rows):
        task = (
            f"EvaluatePrequential -l ({moa_learner(self.learner, stream)}) -s (ArffFileStream -f {stream.arff(rows)})"
            f" -e BasicClassificationPerformanceEvaluator -i {rows} -f {rows} -q {rows}")
        return ["java", "-Xmx2g", "-cp", self.jar, "moa.DoTask", task]
