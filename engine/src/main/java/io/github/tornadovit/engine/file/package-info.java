/** How the engine writes files. */
@NullMarked
package io.github.tornadovit.engine.file;

import org.jspecify.annotations.NullMarked;
