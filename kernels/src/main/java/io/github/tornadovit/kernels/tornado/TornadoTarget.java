package io.github.tornadovit.kernels.tornado;

/**
 * What the kernels are chosen by: the one place that tells devices apart.
 *
 * @param name the device's own name
 * @param platform the driver behind it
 * @param isCpu whether it is a CPU device of OpenCL, which wants other kernels than a GPU
 * @param computeUnits multiprocessors or cores
 * @param memoryBytes device memory
 * @param maxAllocationBytes of one array
 */
record TornadoTarget(
    String name,
    String platform,
    boolean isCpu,
    int computeUnits,
    long memoryBytes,
    long maxAllocationBytes) {}
