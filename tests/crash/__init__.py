"""A till killed at any moment of its day, against a server that loses answers: nothing is lost, nothing doubled.

`python -m tests.crash --runs 20 --seed 1`. The till and the stub are processes of their own. Three lists are compared
in the end: ids that were printed as saved, operations in the book, effects in the stub's log.
"""
