/** From an image file to normalised pixel values, bit for bit as Pillow and transformers do it. */
@NullMarked
package io.github.tornadovit.engine.image;

import org.jspecify.annotations.NullMarked;
