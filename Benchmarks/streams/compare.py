#!/usr/bin/env python3
"""Every learner in its default configuration, the trivial ones and `auto` over the example streams, in one run of
`millrace eval` a stream; prints a Markdown table for each, `auto`'s distance from the best, and its events a second and
memory when it runs alone.

    Benchmarks/streams/compare.py [--binary .build/release/millrace] [--stream NAME ...] [--orders 20]

`--orders N` adds the phishing stream in N seeded random orders, on average: it is too short to be judged in one order."""
import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
STREAMS = {
    "elec2": "electricity/elec2.csv.gz",
    "phishing": "phishing/phishing.csv",
    "sea_drift": "sea/sea_drift.csv.gz",
    "shuttle": "shuttle/shuttle.csv.gz",
    "trump_approval": "approval/trump_approval.csv",
    "friedman_drift": "friedman/friedman_drift.csv.gz",
}
REGRESSION = {"trump_approval", "friedman_drift"}
CLASSIFIERS = [
    "auto", "logistic_regression", "perceptron", "passive_aggressive", "svm", "gaussian_nb", "bernoulli_nb",
    "multinomial_nb", "hoeffding_tree", "hoeffding_adaptive_tree", "extremely_fast_decision_tree",
    "adaptive_random_forest", "streaming_random_patches", "adwin_bagging", "leveraging_bagging", "online_boosting",
    "knn", "factorization_machine", "last_label", "majority",
]
REGRESSORS = [
    "auto", "linear_regression", "passive_aggressive", "hoeffding_tree", "hoeffding_adaptive_tree",
    "adaptive_random_forest", "streaming_random_patches", "knn", "factorization_machine", "snarimax", "holt_winters",
    "last_label", "running_mean",
]


def pipeline(stream, models):
    label = "{field: label, task: regression}" if stream in REGRESSION else '{field: label, positive: "1"}'
    time = "input: {event_time: ts}\n" if stream == "elec2" else ""
    lines = "".join(f"  {name}: {{type: {name}}}\n" for name in models)
    return f"{time}label: {label}\nmodels:\n{lines}"


def evaluate(binary, stream, models, data):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as file:
        file.write(pipeline(stream, models))
    try:
        done = subprocess.run([binary, "eval", file.name, "--input", data, "--json"], capture_output=True, text=True)
    finally:
        os.unlink(file.name)
    if done.returncode != 0:
        sys.exit(f"{stream}: exit {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def built(binary, stream, models):
    """Leaves out the types that this version does not have (`check` says "not yet")."""
    kept = []
    for name in models:
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as file:
            file.write("a,b,label\n1,2,1\n2,1,0\n")
        try:
            with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as pipe:
                pipe.write(pipeline(stream, [name]).replace("input: {event_time: ts}\n", ""))
            code = subprocess.run([binary, "eval", pipe.name, "--input", file.name], capture_output=True).returncode
            if code == 0:
                kept.append(name)
            os.unlink(pipe.name)
        finally:
            os.unlink(file.name)
    return kept


def table(stream, metrics):
    figures = ["mae", "rmse", "r2"] if stream in REGRESSION else ["accuracy", "log_loss", "roc_auc", "f1"]
    best_first = sorted(metrics, key=lambda n: metrics[n].get(figures[0], 0), reverse=stream not in REGRESSION)
    print(f"\n### {stream}\n\n| model | " + " | ".join(figures) + " |\n| --- |" + " --- |" * len(figures))
    for name in best_first:
        values = [metrics[name].get(figure) for figure in figures]
        print(f"| `{name}` | " + " | ".join("–" if v is None else f"{v:.4f}" for v in values) + " |")


def judge(stream, metrics):
    others = {name: m for name, m in metrics.items() if name != "auto"}
    if stream in REGRESSION:
        best = min(m["mae"] for m in others.values())
        print(f"\nauto: MAE {metrics['auto']['mae']:.4f}, {metrics['auto']['mae'] / best:.3f} of the best ({best:.4f})")
    else:
        best = max(m["accuracy"] for m in others.values())
        loss = min(m["log_loss"] for m in others.values())
        auto = metrics["auto"]
        print(
            f"\nauto: accuracy {auto['accuracy']:.4f}, {auto['accuracy'] - best:+.4f} against the best; log loss "
            f"{auto['log_loss']:.4f}, {auto['log_loss'] - loss:+.4f}")


def orders(binary, models, count):
    with open(os.path.join(ROOT, "examples", STREAMS["phishing"])) as file:
        header, *rows = file.read().splitlines()
    sums = {}
    for seed in range(count):
        shuffled = rows[:]
        random.Random(seed).shuffle(shuffled)
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False) as file:
            file.write("\n".join([header] + shuffled) + "\n")
        for name, figures in evaluate(binary, "phishing", models, file.name)["metrics"].items():
            for figure, value in figures.items():
                sums.setdefault(name, {}).setdefault(figure, []).append(value)
        os.unlink(file.name)
    means = {name: {f: sum(v) / len(v) for f, v in figures.items()} for name, figures in sums.items()}
    table(f"phishing, mean of {count} orders", means)
    judge("phishing", means)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.path.join(ROOT, ".build/release/millrace"))
    parser.add_argument("--stream", nargs="*", choices=list(STREAMS), default=list(STREAMS))
    parser.add_argument("--orders", type=int, default=0)
    parser.add_argument("--models", nargs="*", help="only these, and auto")
    options = parser.parse_args()
    for stream in options.stream:
        wanted = REGRESSORS if stream in REGRESSION else CLASSIFIERS
        if options.models:
            wanted = ["auto"] + [name for name in wanted if name in options.models]
        models = built(options.binary, stream, wanted)
        data = os.path.join(ROOT, "examples", STREAMS[stream])
        metrics = evaluate(options.binary, stream, models, data)["metrics"]
        table(stream, metrics)
        judge(stream, metrics)
        alone = evaluate(options.binary, stream, ["auto"], data)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"auto alone: {alone['events_per_second']:,.0f} events/s; no run took more than {peak} MB")
    if options.orders:
        orders(options.binary, built(options.binary, "phishing", CLASSIFIERS), options.orders)


if __name__ == "__main__":
    main()
