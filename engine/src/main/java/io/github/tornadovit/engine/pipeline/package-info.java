/** The way of many images from files to answers. */
@NullMarked
package io.github.tornadovit.engine.pipeline;

import org.jspecify.annotations.NullMarked;
