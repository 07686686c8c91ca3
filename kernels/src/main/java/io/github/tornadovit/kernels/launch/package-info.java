/**
 * Launches of kernels on a device: the layout of their weights, their buffers and their grids. Each
 * operation's device kernel is a {@link io.github.tornadovit.kernels.launch.DeviceOperation} in the
 * operation's own package.
 */
@NullMarked
package io.github.tornadovit.kernels.launch;

import org.jspecify.annotations.NullMarked;
