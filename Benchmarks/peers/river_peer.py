"""A River model over a CSV file by River's own reader, predict then learn.

river_peer.py CSV LEARNER ROWS; a column `ts` is left out, `label` is 0 or 1. A file shorter than that is read again.
"""
import csv
import json
import sys
import time

from river import forest, linear_model, naive_bayes, optim, preprocessing, stream, tree

MODELS = {
    "logistic_regression": lambda: preprocessing.StandardScaler()
    | linear_model.LogisticRegression(optim.SGD(0.01)),
    "gaussian_nb": naive_bayes.GaussianNB,
    "hoeffding_tree": tree.HoeffdingTreeClassifier,
    "adaptive_random_forest": lambda: forest.ARFClassifier(n_models=10, seed=42),
}


def events(path, rows):
    with open(path) as file:
        columns = next(csv.reader(file))
    converters = {name: float for name in columns if name not in ("ts", "label")} | {"label": int}
    dropped = [name for name in columns if name == "ts"]
    done = 0
    while done < rows:
        for features, label in stream.iter_csv(path, target="label", converters=converters, drop=dropped):
            yield features, label
            done += 1
            if done == rows:
                return


path, learner, rows = sys.argv[1], sys.argv[2], int(sys.argv[3])
model = MODELS[learner]()
correct = 0
start = time.perf_counter()
for features, label in events(path, rows):
    scores = model.predict_proba_one(features)
    correct += max(scores, key=scores.get, default=False) == label
    model.learn_one(features, label)
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "accuracy": correct / rows}))
