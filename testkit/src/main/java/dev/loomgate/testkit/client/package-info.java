/// Clients that send exactly the bytes that they are told to, right ones and wrong ones.
///
/// [RawClient][dev.loomgate.testkit.client.RawClient] is a connection, [HttpPeer][dev.loomgate.testkit.client.HttpPeer]
/// reads HTTP answers from one, [UwsgiPacket][dev.loomgate.testkit.client.UwsgiPacket] writes requests of the uwsgi
/// protocol. All of them have deadlines. No client that retries or corrects what it sends belongs here.
package dev.loomgate.testkit.client;
