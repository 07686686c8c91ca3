/** The patch embedding: a strided convolution as gather and product. */
@NullMarked
package io.github.tornadovit.kernels.patch;

import org.jspecify.annotations.NullMarked;
