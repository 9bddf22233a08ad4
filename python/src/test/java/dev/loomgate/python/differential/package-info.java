/// The same Python applications on Loomgate, real uWSGI and real gunicorn, asked the same and compared.
///
/// A [Script][dev.loomgate.python.differential.Script] says what an application of the test resources is asked; a
/// [Player][dev.loomgate.python.differential.Player] asks a running server so and notes the answers; where the
/// [contenders][dev.loomgate.python.differential.Contender] don't agree, `differences.txt` must say so and say
/// why.
package dev.loomgate.python.differential;
