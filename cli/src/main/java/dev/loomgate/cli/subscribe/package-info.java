/// How routers of uWSGI's find this server: by packets that it sends them again and again, with its address and the
/// names that it serves. Knows nothing of requests.
package dev.loomgate.cli.subscribe;
