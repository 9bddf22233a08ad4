/// Converters: what the variables of a rule may be, as `int` in `<int:id>`, and what values they have.
///
/// An application adds one of its own by implementing [Converter]. Nothing here knows a rule or a map.
package dev.loomgate.toolkit.routing.converters;
