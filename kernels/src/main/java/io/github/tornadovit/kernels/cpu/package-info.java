/**
 * The common ground of the CPU executions: the team of threads, the packed weights, the loop over
 * tiles of a matrix product, and {@link io.github.tornadovit.kernels.cpu.InnerLoops}, the
 * arithmetic of one core, which exists with and without vectors. For implementers of operations.
 */
@NullMarked
package io.github.tornadovit.kernels.cpu;

import org.jspecify.annotations.NullMarked;
