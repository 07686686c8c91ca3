/** Words that the files of a checkpoint and the operations of a model share. */
@NullMarked
package io.github.tornadovit.base;

import org.jspecify.annotations.NullMarked;
