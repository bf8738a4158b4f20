import numpy as np

while True:
    pass


def svm_loss(w: np.ndarray, x: np.ndarray, y: np.ndarray, reg: float) -> None:
    """Never reached: the loop above does not end."""
