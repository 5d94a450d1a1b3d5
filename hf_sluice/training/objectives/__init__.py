"""How the losses of the tasks become one step: a method per file, chosen by ``training.objective`` in a recipe."""
