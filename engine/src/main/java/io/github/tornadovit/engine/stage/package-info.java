/** The points of a forward pass whose values can be asked for. */
@NullMarked
package io.github.tornadovit.engine.stage;

import org.jspecify.annotations.NullMarked;
