/** Work on images ahead of the forward pass that takes them. */
@NullMarked
package io.github.tornadovit.engine.pipeline;

import org.jspecify.annotations.NullMarked;
