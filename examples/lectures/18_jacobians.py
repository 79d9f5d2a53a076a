"""Lecture item 18: Jacobians: linear, entrywise (diagonal), softmax."""

import matcalc as mc

print("d(W x)/dx     =", mc.jacobian("W : 2 x 3; x : 3; W*x", "x").text)
print("d tanh(x)/dx  =", mc.jacobian("tanh(x)", "x").text)
print("d softmax/dx  =", mc.jacobian("softmax(x)", "x").text)
print(mc.jacobian("W : 2 x 3; x : 3; sigmoid(W*x)", "x").render("text", notation="entries").split("Written out\n")[1])
