/// Bodies that say more to a middleware than a container needs to know. Not exported.
package dev.loomgate.toolkit.bodies;
