/** The gate of a gated MLP: one half of each row decides how much of the other half passes. */
@NullMarked
package io.github.tornadovit.kernels.gate;

import org.jspecify.annotations.NullMarked;
