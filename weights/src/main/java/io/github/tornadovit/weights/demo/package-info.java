/** The small trained checkpoints that are embedded in the module. */
@NullMarked
package io.github.tornadovit.weights.demo;

import org.jspecify.annotations.NullMarked;
