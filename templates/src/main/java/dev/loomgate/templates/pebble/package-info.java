/// Templates by Pebble, whose language is that of Jinja. Needs `io.pebbletemplates:pebble`.
package dev.loomgate.templates.pebble;
