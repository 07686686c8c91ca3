/** Layer normalisation over the last axis. */
@NullMarked
package io.github.tornadovit.kernels.layernorm;

import org.jspecify.annotations.NullMarked;
