#!/bin/sh
# Print the first Python on this machine that can run Kuanxian (3.11 to 3.14, with venv).
# PYTHON=/path/to/python in the environment is tried first.
for candidate in "${PYTHON:-python3}" python3 python3.12 python3.13 python3.11 python3.14 python; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' \
        >/dev/null 2>&1; then
        printf '%s\n' "$candidate"
        exit 0
    fi
done
{
    printf 'error: no usable Python found: Kuanxian needs Python 3.11, 3.12, 3.13 or 3.14 with venv.\n'
    printf 'Found: %s\n' "$(python3 --version 2>&1 || printf 'no python3 at all')"
    printf 'Install one (on Debian and Ubuntu: python3 and python3-venv), or name it: make PYTHON=python3.12 setup\n'
} >&2
exit 1
