/**
 * Our forward pass against those of other engines, on one machine in one run. Each engine is a
 * process of its own, so that none shares a heap, a thread pool or a library with another; they
 * take turns, and one that has no turn waits for its standard input.
 */
@NullMarked
package io.github.tornadovit.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
