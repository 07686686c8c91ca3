/** Pooling: from a sequence of tokens to one vector. */
@NullMarked
package io.github.tornadovit.kernels.pooling;

import org.jspecify.annotations.NullMarked;
