/// [LoomgateTest][dev.loomgate.junit.LoomgateTest], and what is behind it. It knows applications and the toolkit's
/// client, and no server: one is found as a service.
package dev.loomgate.junit;
