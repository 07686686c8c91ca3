/** Class and distillation tokens and position embeddings. */
@NullMarked
package io.github.tornadovit.kernels.tokens;

import org.jspecify.annotations.NullMarked;
