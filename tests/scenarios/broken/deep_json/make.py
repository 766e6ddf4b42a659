"""JSON nested deeper than any reader can follow."""


def make(released):
    return b'{"cells": [' + b'{"a":' * 200_000
