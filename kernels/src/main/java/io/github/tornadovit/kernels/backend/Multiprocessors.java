package io.github.tornadovit.kernels.backend;

/**
 * What computes in a GPU: its multiprocessors, and the cache that they share.
 *
 * @param capability NVIDIA's compute capability, such as 8.6
 * @param count streaming multiprocessors
 * @param lanes float32 multiply-adds of one in a cycle
 * @param tensorMultiplyAdds float16 multiply-adds with float32 sums of one in a cycle, through
 *     {@code mma.sync}; 0 without tensor cores of compute capability 8.0
 * @param gigahertz clock under load
 * @param cacheRate GB/s of the second level cache, to all of them
 * @param threads that are resident on one at most
 * @param localKilobytes memory of one that work-groups share
 */
public record Multiprocessors(
    double capability,
    int count,
    int lanes,
    int tensorMultiplyAdds,
    double gigahertz,
    double cacheRate,
    int threads,
    int localKilobytes) {}
