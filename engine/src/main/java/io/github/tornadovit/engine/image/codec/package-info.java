/**
 * Decoders of JPEG, PNG, GIF, BMP, TIFF and Netpbm, and what every decoder works with: checked
 * reads of the file, the limit of pixels, the memory of pictures that are decoded at the same time,
 * and the sink that takes the rows.
 *
 * <p>A decoder walks over the file, checks its size against the limit, collects orientation and
 * colour space, and hands the essential bytes to one chosen reader. Metadata never reaches a
 * reader, so no profile changes colours and no compressed text fills the memory.
 *
 * <p>Not exported: {@link io.github.tornadovit.engine.image} is what users see.
 */
@NullMarked
package io.github.tornadovit.engine.image.codec;

import org.jspecify.annotations.NullMarked;
