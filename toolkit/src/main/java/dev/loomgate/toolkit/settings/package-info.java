/// What an operator says to a program, in a record: [Settings] reads it from arguments, environment,
/// files and credentials, [Secret] is a value that isn't printed. Nothing here knows requests.
package dev.loomgate.toolkit.settings;
