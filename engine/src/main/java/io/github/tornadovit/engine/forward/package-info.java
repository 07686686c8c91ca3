/** The forward pass of all families as one program of operations, written once. */
@NullMarked
package io.github.tornadovit.engine.forward;

import org.jspecify.annotations.NullMarked;
