/// Static files: [StaticFiles] sends what is in a directory or in a JAR file in place of the application's answer.
///
/// It looks files up and never writes one. How a file becomes a response is in [dev.loomgate.toolkit.Response].
package dev.loomgate.toolkit.files;
