/**
 * Named tensors as views over checkpoint bytes.
 *
 * <p>A {@link io.github.tornadovit.base.tensor.TensorView} owns nothing: it borrows the memory of
 * the checkpoint that it came from and is valid until that checkpoint is closed.
 */
@NullMarked
package io.github.tornadovit.base.tensor;

import org.jspecify.annotations.NullMarked;
