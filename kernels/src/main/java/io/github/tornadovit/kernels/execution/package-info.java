/**
 * The common ground of all executions of a program on the host: its buffers, its converted weights
 * and the steps that its operations become. For implementers of operations; users see {@link
 * io.github.tornadovit.kernels.backend.Plan}.
 */
@NullMarked
package io.github.tornadovit.kernels.execution;

import org.jspecify.annotations.NullMarked;
