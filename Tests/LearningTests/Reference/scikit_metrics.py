"""Prints scikit_metrics.json: figures of random predictions as scikit-learn computes them.

    python -m venv scratch && scratch/bin/pip install scikit-learn==1.9.1
    scratch/bin/python scikit_metrics.py > scikit_metrics.json

The tests draw the same predictions from the same generator (SplitMix64).
"""
import json

import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.calibration import calibration_curve

MASK = (1 << 64) - 1


class Generator:
    def __init__(self, seed):
        self.state = seed

    def unit(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return ((z ^ (z >> 31)) >> 11) * 2.0**-53


out = {"sklearn": sklearn.__version__}

generator = Generator(42)
probability, label = [], []
for _ in range(1000):
    probability.append(generator.unit())
    label.append(1 if generator.unit() < probability[-1] ** 2 else 0)
probability, label = np.array(probability), np.array(label)
predicted = (probability > 0.5).astype(int)
out["binary"] = {
    "accuracy": m.accuracy_score(label, predicted),
    "f1": m.f1_score(label, predicted),
    "roc_auc": m.roc_auc_score(label, probability),
    "log_loss": m.log_loss(label, probability),
    "balanced_accuracy": m.balanced_accuracy_score(label, predicted),
    "precision": m.precision_score(label, predicted),
    "recall": m.recall_score(label, predicted),
    "brier": m.brier_score_loss(label, probability),
    "kappa": m.cohen_kappa_score(label, predicted),
}
share, mean = calibration_curve(label, probability, n_bins=10)
out["calibration"] = {"meanProbability": mean.tolist(), "truthShare": share.tolist()}
out["confusion"] = m.confusion_matrix(label, predicted).tolist()

generator = Generator(43)
scores, label = [], []
for _ in range(1000):
    weights = [generator.unit() ** 3 for _ in range(4)]
    total = sum(weights)
    scores.append([weight / total for weight in weights])
    draw, true, below = generator.unit(), 0, scores[-1][0]
    while draw > below and true < 3:
        true += 1
        below += scores[-1][true]
    label.append(true)
scores, label = np.array(scores), np.array(label)
predicted = scores.argmax(1)
out["multiclass"] = {
    "accuracy": m.accuracy_score(label, predicted),
    "log_loss": m.log_loss(label, scores),
    "macro_f1": m.f1_score(label, predicted, average="macro"),
    "balanced_accuracy": m.balanced_accuracy_score(label, predicted),
    "macro_precision": m.precision_score(label, predicted, average="macro"),
    "macro_recall": m.recall_score(label, predicted, average="macro"),
    "brier": m.brier_score_loss(label, scores),
    "kappa": m.cohen_kappa_score(label, predicted),
}
out["multiclassConfusion"] = m.confusion_matrix(label, predicted).tolist()

generator = Generator(44)
label, predicted = [], []
for _ in range(1000):
    label.append(10 * generator.unit())
    predicted.append(label[-1] + 4 * generator.unit() - 1.5)
out["regression"] = {
    "mae": m.mean_absolute_error(label, predicted),
    "rmse": m.root_mean_squared_error(label, predicted),
    "r2": m.r2_score(label, predicted),
    "quantile_loss": m.mean_pinball_loss(label, predicted, alpha=0.9),
    "bias": float(np.mean(np.array(predicted) - np.array(label))),
}

generator = Generator(45)
gains = []
for _ in range(100):
    grades = [float(int(4 * generator.unit())) for _ in range(20)]
    gains.append(m.ndcg_score([grades], [list(range(20, 0, -1))], k=5))
out["ndcgAt5"] = float(np.mean(gains))

print(json.dumps(out, indent=1))
