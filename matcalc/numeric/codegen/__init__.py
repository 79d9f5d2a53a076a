"""Code for NumPy, JAX and PyTorch: program -> stable -> lower -> schedule -> writer -> module."""
