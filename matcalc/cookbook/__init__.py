"""The Matrix Cookbook's derivatives, derived and checked by matcalc itself."""
