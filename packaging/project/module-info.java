// Open, since the toolkit finds the methods of resources and makes records.
open module com.example.board {
    requires dev.loomgate.server;
    requires dev.loomgate.toolkit;
}
