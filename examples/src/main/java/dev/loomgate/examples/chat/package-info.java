/// A chat over WebSockets: rooms by name, whose members read what each of them writes.
///
/// [Chat][dev.loomgate.examples.chat.Chat] is the application: `./loomgate --http :8000 --app
/// dev.loomgate.examples.chat.Chat`.
package dev.loomgate.examples.chat;
