/// The interpreter that imports a program and forks its worker processes: how it is found, started, configured and
/// commanded, what it says, what it writes. Knows no worker's life and no request. Not exported.
package dev.loomgate.python.zygote;
