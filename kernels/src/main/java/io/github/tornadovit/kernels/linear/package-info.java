/** The matrix product with bias, activation, scale and residual. */
@NullMarked
package io.github.tornadovit.kernels.linear;

import org.jspecify.annotations.NullMarked;
