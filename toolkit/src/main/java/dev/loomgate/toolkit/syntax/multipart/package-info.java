/// The `multipart/form-data` decoder: bytes in, parts out through a [MultipartSink]. It reads no stream and stores
/// nothing; who calls it does. Not exported.
package dev.loomgate.toolkit.syntax.multipart;
