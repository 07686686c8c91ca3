package io.github.tornadovit.kernels.backend;

/**
 * How long one operation of a program took on its device.
 *
 * @param kernel what ran, for example {@code linear_tile_64}
 * @param output the buffer that it wrote, which tells the products of a block apart
 * @param section of the program, for example {@code block 3}
 * @param grid how it was spread over the device
 * @param nanos on the device, or on the host where that is the device
 * @param flops floating point operations, a multiply-add counted as two
 * @param bytes of inputs, weights and output, each counted once
 */
public record KernelTime(
    String kernel,
    String output,
    String section,
    String grid,
    long nanos,
    long flops,
    long bytes) {}
