package dev.loomgate.toolkit.resources;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A record of a request's header fields. Methods and functions take it beside other records, whatever HTTP's method:
///
/// ```java
/// @FromHeaders
/// record Caller(String userAgent, Optional<UUID> xRequestId, List<String> acceptLanguage) {}
///
/// String get(Caller caller, Search search) { ... }
/// ```
///
/// A component is the field of its name, in which each capital letter begins a word: `userAgent` is `User-Agent`. A
/// List has the items of a field that is a list (RFC 9110 section 5.6.1); all else is as in a record of the query: a
/// field must be there unless its component is declared nullable or Optional, and is 400 otherwise, as is a value of
/// another type and one that the constructor refuses.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface FromHeaders {}
