/**
 * The operations of a vision transformer. One package per operation holds its contract (a record)
 * and every execution of it: {@code Reference…} (scalar, double sums, the oracle), {@code Cpu…}
 * (all cores) and {@code Tornado…} (a kernel for TornadoVM's devices). {@code program} is a forward
 * pass as data, {@code pass} makes it smaller and gives its values arrays, {@code backend} executes
 * it.
 *
 * <p>What the executions share: on the host {@code execution} has buffers and weights, {@code cpu}
 * threads and tiles, {@code vector} the arithmetic that names a vector type, {@code machinecode}
 * the one written in instructions of x86; on a device {@code launch} has weights, grids and what
 * kernels are written with, {@code tornado} the runtime, memory and graphs.
 *
 * <p>Letters used everywhere: {@code B} batch, {@code C} image channels, {@code S} image side,
 * {@code p} patch side, {@code P} patches, {@code T} tokens, {@code D} width, {@code H} heads,
 * {@code d} head size, {@code F} MLP width, {@code K} classes; {@code M, N, K} in products only.
 * Arrays are written {@code name [B, T, D]}, outermost axis first, row-major float32.
 */
@NullMarked
package io.github.tornadovit.kernels;

import org.jspecify.annotations.NullMarked;
