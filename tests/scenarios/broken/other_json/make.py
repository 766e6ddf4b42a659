"""Valid JSON, but no notebook."""


def make(released):
    return b'{"name": "Ada", "cells": {"half_mse": 6}}'
