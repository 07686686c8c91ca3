/** Multi-head self-attention with an optional additive bias on the scores. */
@NullMarked
package io.github.tornadovit.kernels.attention;

import org.jspecify.annotations.NullMarked;
