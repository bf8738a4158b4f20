import numpy as np


def knn_predict(distances: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    predicted = []
    for row in distances:
        votes: dict[int, int] = {}
        for neighbour in np.argsort(row)[:k]:
            label = int(y[neighbour])
            votes[label] = votes.get(label, 0) + 1
        predicted.append(max(sorted(votes), key=lambda label: votes[label]))
    return np.array(predicted)
