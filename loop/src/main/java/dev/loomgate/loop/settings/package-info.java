/// What a group of loops is set to, by servers and other programs that start one: its [Engine], its
/// [Transport]; and how a wrong value of any setting is refused, and a time is written, in the libraries that stand on
/// the loop as well.
///
/// Values only, which every package here may be given. What carries them out is below and above.
package dev.loomgate.loop.settings;
