/** A forward pass as data: operations on named buffers, with the weights that they need. */
@NullMarked
package io.github.tornadovit.kernels.program;

import org.jspecify.annotations.NullMarked;
