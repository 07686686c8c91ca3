package io.github.tornadovit.kernels.backend;

/**
 * One operation of a program as a plan runs it, or one of the kernels that a device runs for it.
 *
 * @param id unique in its plan
 * @param kernel what runs, for example {@code linear_tile_64}
 * @param output the buffer that it writes, which tells the products of a block apart
 * @param section of the program, for example {@code block 3}
 * @param grid how it is spread over the device
 * @param flops floating point operations, a multiply-add counted as two; none of a kernel that only
 *     prepares what the operation's last kernel reads
 * @param bytes of the operation's inputs, weights and output, each counted once; of a kernel that
 *     prepares, what it reads and writes
 */
public record KernelTask(
    String id, String kernel, String output, String section, String grid, long flops, long bytes) {}
