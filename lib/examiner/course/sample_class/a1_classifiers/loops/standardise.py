import numpy as np


def standardise(train: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    train_z, other_z = np.zeros(train.shape), np.zeros(other.shape)
    for d in range(train.shape[1]):
        mean = sum(float(value) for value in train[:, d]) / len(train)
        variance = sum((float(value) - mean) ** 2 for value in train[:, d]) / len(train)
        for i in range(len(train)):
            train_z[i, d] = (train[i, d] - mean) / variance**0.5
        for i in range(len(other)):
            other_z[i, d] = (other[i, d] - mean) / variance**0.5
    return train_z, other_z
