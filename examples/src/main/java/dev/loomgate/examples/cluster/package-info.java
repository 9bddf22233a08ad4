/// What the nodes of `examples/cluster/run` serve.
package dev.loomgate.examples.cluster;
