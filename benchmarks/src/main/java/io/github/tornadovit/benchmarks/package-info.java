/**
 * Measurements: {@code kernel} the operations, {@code model} whole forward passes, {@code peers}
 * our forward pass against those of other engines. {@code README.md} of this module says what each
 * number means and how to get it.
 */
@NullMarked
package io.github.tornadovit.benchmarks;

import org.jspecify.annotations.NullMarked;
