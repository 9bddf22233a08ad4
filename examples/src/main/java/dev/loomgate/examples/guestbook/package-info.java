/// A small site of the toolkit: a list that all can read, a form with an upload for those who have logged in.
///
/// [GuestBook] puts it together, a resource class answers each of its URLs, [Entries] keeps what was written.
/// `docs/toolkit.md` walks through it.
package dev.loomgate.examples.guestbook;
