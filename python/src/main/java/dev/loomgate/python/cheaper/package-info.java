/// How many workers are wanted now, said by figures: how many are busy, how many requests wait, how much memory they
/// have, the time. Pure: no processes, no clock; what is said is done elsewhere. The rules and their names are uWSGI's,
/// so that a number that was found to be right there is right here. Not exported.
package dev.loomgate.python.cheaper;
