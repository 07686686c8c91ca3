/** Files read and written whole, their checksums, and what is said where that fails. */
@NullMarked
package io.github.tornadovit.base.file;

import org.jspecify.annotations.NullMarked;
