/**
 * {@link io.github.tornadovit.kernels.cpu.InnerLoops} with the Vector API, and the choice between
 * them and the scalar ones. Nothing outside this package names a vector type, so the rest of the
 * module works on a JVM that was started without the module {@code jdk.incubator.vector}.
 *
 * <p>Rules that keep C2's code good: species are {@code static final}; a tile kernel is one method
 * with one loop, not unrolled by hand, and compiled on its own; vectors never leave a method,
 * except into {@link Exponential}, which is small enough to be inlined everywhere.
 */
@NullMarked
package io.github.tornadovit.kernels.vector;

import org.jspecify.annotations.NullMarked;
