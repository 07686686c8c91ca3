/** Files of checkpoints made byte by byte, so that tests can make them wrong. */
@NullMarked
package io.github.tornadovit.weights.testing;

import org.jspecify.annotations.NullMarked;
