"""Matching from the command line: labelled samples, training, measuring, explaining, reviewing."""
