/**
 * Execution of programs through TornadoVM: a program becomes one task graph, its weights stay on
 * the device, pixels go in and answers come out.
 */
@NullMarked
package io.github.tornadovit.kernels.tornado;

import org.jspecify.annotations.NullMarked;
