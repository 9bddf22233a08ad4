/// HTTP errors as exceptions that are applications: throw one, or answer with it.
///
/// One class for each status, by Werkzeug's names, all of them [HttpException]s. Their pages are Werkzeug's, byte
/// for byte (its texts are under the BSD 3-Clause licence, quoted in NOTICE). No requests and no routing here.
package dev.loomgate.toolkit.exceptions;
