/**
 * How kernels get onto a device: where their weights lie, which buffers they take, on which grid
 * they run. Each operation's device kernel is a {@link
 * io.github.tornadovit.kernels.launch.DeviceOperation} in the operation's own package.
 */
@NullMarked
package io.github.tornadovit.kernels.launch;

import org.jspecify.annotations.NullMarked;
