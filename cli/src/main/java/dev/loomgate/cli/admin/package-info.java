/// Servers for operators beside the one for everybody: how each face of the live server that speaks HTTP is served.
package dev.loomgate.cli.admin;
