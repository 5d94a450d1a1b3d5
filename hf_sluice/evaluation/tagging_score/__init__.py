"""The metric as a module that ``evaluate.load`` finds by this folder's path; README.md is its card."""
