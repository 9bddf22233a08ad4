/// What runs virtual threads: the OS threads of a loop, and how they take turns.
///
/// Not exported. [Carrier] is what the loop sees of it, and [Carriers] makes those of a group; how virtual threads take
/// turns on a thread of ours is known here alone. A microthread is a `Runnable` here: nothing in this package knows a
/// loop.
package dev.loomgate.loop.carriers;
