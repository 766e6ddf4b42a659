#!/usr/bin/env bash
# Runs once, when Gradescope builds the image: an environment of its own with all that grading needs.
set -euo pipefail
prefix=${AUTOGRADER_PREFIX:-/autograder}

newest() {  # the newest Python that will do, if there is one
  for name in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)' 2>/dev/null; then
      command -v "$name"; return
    fi
  done
}

python=$(newest)
if [ -z "$python" ]; then
  apt-get install -y --no-install-recommends python3 python3-venv || true
  [ -n "$(newest)" ] || apt-get install -y --no-install-recommends python3.11 python3.11-venv
  python=$(newest)
fi
if [ -z "$python" ]; then
  echo "there is no Python 3.11 or newer here: choose Ubuntu 24.04 or newer as the base image" >&2
  exit 1
fi
"$python" -m venv "$prefix/venv"
"$prefix/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$prefix/source/grader"
