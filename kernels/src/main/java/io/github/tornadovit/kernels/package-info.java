/**
 * The operations of a vision transformer. One package per operation holds its contract (a record)
 * and every execution of it: {@code Reference…} (scalar, double sums, the oracle) and {@code Cpu…}
 * (Vector API, all cores). {@code program} is a forward pass as data, {@code backend} what executes
 * it; {@code execution}, {@code cpu} and {@code vector} hold what the executions share: buffers and
 * weights, threads and tiles, and the arithmetic that names a vector type.
 *
 * <p>Letters used everywhere: {@code B} batch, {@code C} image channels, {@code S} image side,
 * {@code p} patch side, {@code P} patches, {@code T} tokens, {@code D} width, {@code H} heads,
 * {@code d} head size, {@code F} MLP width, {@code K} classes; {@code M, N, K} in products only.
 * Arrays are written {@code name [B, T, D]}, outermost axis first, row-major float32.
 */
@NullMarked
package io.github.tornadovit.kernels;

import org.jspecify.annotations.NullMarked;
