import numpy as np


def pairwise_distances(x: np.ndarray, z: np.ndarray) -> np.ndarray:
    distances = np.zeros((len(x), len(z)))
    for i in range(len(x)):
        for j in range(len(z)):
            total = 0.0
            for a, b in zip(x[i], z[j], strict=True):
                total += (float(a) - float(b)) ** 2
            distances[i, j] = total**0.5
    return distances
