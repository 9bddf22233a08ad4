/// Templates by jte: compiled to Java, with types. Needs `gg.jte:jte`.
package dev.loomgate.templates.jte;
