package dev.loomgate.bench;

/// Loomgate's side of the tables.
public final class HelloLoomgate {
    private HelloLoomgate() {}

    public static void main(String[] args) {
        System.err.println("Loomgate's server is not there yet");
        System.exit(1);
    }
}
