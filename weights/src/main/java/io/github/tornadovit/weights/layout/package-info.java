/** The files of a checkpoint folder: their names, their order, and an index of shards. */
@NullMarked
package io.github.tornadovit.weights.layout;

import org.jspecify.annotations.NullMarked;
