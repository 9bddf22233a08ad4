"""Runs Autobahn's fuzzing client under Jython, from the directory with its modules: SPECIFICATION."""

import sys

specification = sys.argv[1]
sys.argv = ["wstest", "-m", "fuzzingclient", "-s", specification]
from autobahntestsuite import wstest

wstest.run()
