/// Resources: classes whose `get`, `post`, ... methods answer a URL, and functions that do so ([Route]).
///
/// [Resource] checks such a class once, at start-up, and finds its [Action]s; [WebApplication] is the application
/// over a map of them. What a method returns becomes a response here, and nowhere else.
package dev.loomgate.toolkit.resources;
