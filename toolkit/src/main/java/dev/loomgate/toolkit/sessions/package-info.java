/// Sessions: what a site remembers of a client from one request to the next. [Sessions] is the middleware; where
/// the values are kept, in a signed cookie or in a [SessionStore], is the operator's choice.
///
/// Applications see a [dev.loomgate.toolkit.Session] and nothing else of this. No users, no logins, no forms here.
package dev.loomgate.toolkit.sessions;
