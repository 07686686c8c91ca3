/** Whole forward passes, pixels in and logits out: the engine-neutral contract, ours, and JMH. */
@NullMarked
package io.github.tornadovit.benchmarks.model;

import org.jspecify.annotations.NullMarked;
