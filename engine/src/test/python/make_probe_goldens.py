"""
Makes golden/probe: what scikit-learn's LogisticRegression finds for small tables of features.

    python make_probe_goldens.py [OUT_DIR]

probe.safetensors has per case `features` [N, D] and `labels` [N]; and per case and C `<case>/<C>/coef`, `intercept` and
`probabilities` [N, K]. expected.json has the value of the objective there, per row: mean cross entropy + |w|^2 / (2 C N).
Features are standardised in float64 first.
"""

import sys

import numpy as np
import sklearn
import torch
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from golden import GOLDEN, fresh_folder, write_json, write_tensors

CASES = {"wine": load_wine(), "cancer": load_breast_cancer()}
ROWS = 151  # not a multiple of anything
STRENGTHS = ["0.01", "1", "50"]


def objective(probabilities, labels, coefficients, strength):
    """What LogisticRegression minimises, divided by C N."""
    loss = -np.log(probabilities[np.arange(len(labels)), labels]).mean()
    return loss + (coefficients**2).sum() / (2 * strength * len(labels))


def main():
    out = fresh_folder(sys.argv[1] if len(sys.argv) > 1 else GOLDEN / "probe")
    tensors, expected = {}, {"versions": dict(sklearn=sklearn.__version__, numpy=np.__version__)}
    for name, data in CASES.items():
        chosen = np.random.default_rng(7).permutation(len(data.data))[:ROWS]
        features, labels = data.data[chosen].astype(np.float32), data.target[chosen]
        tensors[f"{name}/features"] = torch.from_numpy(features)
        tensors[f"{name}/labels"] = torch.from_numpy(labels.astype(np.uint8))
        rows = StandardScaler().fit_transform(features.astype(np.float64))
        expected[name] = {}
        for strength in STRENGTHS:
            model = LogisticRegression(C=float(strength), tol=1e-10, max_iter=100_000).fit(rows, labels)
            probabilities = model.predict_proba(rows)
            for key, value in dict(coef=model.coef_, intercept=model.intercept_, probabilities=probabilities).items():
                tensors[f"{name}/{strength}/{key}"] = torch.from_numpy(value.astype(np.float32))
            expected[name][strength] = objective(probabilities, labels, model.coef_, float(strength))
    write_tensors(out / "probe.safetensors", tensors)
    write_json(out / "expected.json", expected)


if __name__ == "__main__":
    main()
