/// What every table needs: processes that are started, watched and ended, the load generator and its report, CPU
/// and memory from /proc, figures and their spread, and the file of results. Nothing here knows which server is
/// measured.
@NullMarked
package dev.loomgate.bench.harness;

import org.jspecify.annotations.NullMarked;
