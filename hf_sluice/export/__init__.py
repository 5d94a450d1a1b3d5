"""Taggers for programs without torch: ONNX graphs, checked against the models that they were made of."""
