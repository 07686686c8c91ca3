package io.github.tornadovit.kernels.backend;

/**
 * The time of a task.
 *
 * @param task what ran
 * @param nanos on the device, or on the host where that is the device
 */
public record KernelTime(KernelTask task, long nanos) {}
