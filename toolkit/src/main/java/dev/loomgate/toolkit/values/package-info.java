/// How a text or JSON becomes a value of a Java type, and what a record needs to be complete. Forms, queries, paths,
/// JSON and a program's settings all ask here, so that they agree. Not exported.
package dev.loomgate.toolkit.values;
