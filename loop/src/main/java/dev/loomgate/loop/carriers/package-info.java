/// What runs virtual threads: the OS threads of a loop, and how they take turns.
///
/// Not exported. [Carrier] is what the loop sees of it; how a virtual thread comes to be carried by a thread of ours is
/// known here alone. A microthread is a `Runnable` here: nothing in this package knows a loop.
package dev.loomgate.loop.carriers;
