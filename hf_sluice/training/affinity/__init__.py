"""How a step on one task changes the losses of the others, measured while a model is trained."""
