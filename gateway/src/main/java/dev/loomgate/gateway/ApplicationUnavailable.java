package dev.loomgate.gateway;

/// The application isn't there at the moment: a program that can't be loaded, for example.
///
/// Thrown by [Application#call] where the code that found that out has logged it already, once. So a container answers
/// 500, as for any failure, and doesn't log it for each request. The message is for the operator. It has no stack.
public final class ApplicationUnavailable extends Exception {
    private static final long serialVersionUID = 1;

    public ApplicationUnavailable(String why) {
        super(why, null, false, false);
    }
}
