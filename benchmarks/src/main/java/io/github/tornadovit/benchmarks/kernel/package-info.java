/**
 * JMH benchmarks of the operations, in the shapes of a ViT-base, with the machine's peak measured
 * around every iteration.
 */
@NullMarked
package io.github.tornadovit.benchmarks.kernel;

import org.jspecify.annotations.NullMarked;
