package dev.loomgate.testkit.fuzz;

/// What must hold for any bytes that a parser is given. A JUnit test implements it, beside its parser:
///
/// ```java
/// @Tag("once")
/// final class CookieFuzzTest implements FuzzTarget {
///     @Override
///     public boolean check(FuzzInput input) { ... }
///
///     @Test
///     void holdsForAnyBytes() throws Exception {
///         Fuzzing.run(this);
///     }
/// }
/// ```
/// It has a constructor without parameters, and keeps nothing from one input to the next that changes what comes out:
/// an input that was found must fail again.
public interface FuzzTarget {
    /// Gives the bytes to the parser, and fails by an exception or an error where a property doesn't hold.
    ///
    /// @return whether the parser took them for something that is right. A corpus must have inputs of both
    ///     kinds, or it
    ///     tests little
    /// @throws Exception any one is a finding: what a parser may throw is caught by the target
    boolean check(FuzzInput input) throws Exception;
}
