/// JWSGI, uWSGI's Java interface. [JwsgiApplication] is a program as an application: it makes the `HashMap` that the
/// program gets, and a response of the array that it returns. What the class `uwsgi` does is in [ProgramFunctions];
/// the class itself is made by [UwsgiClassLoader].
///
/// Source: uWSGI's plugins `jvm` and `jwsgi`; no code is copied.
package dev.loomgate.jwsgi;
