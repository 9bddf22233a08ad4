/// Start and stop of applications that are made of several. Not exported.
package dev.loomgate.toolkit.hooks;
