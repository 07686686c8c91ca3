/**
 * WebP: the container, and VP8, its lossy coding, by RFC 6386. Lossless WebP is decoded by
 * TwelveMonkeys' reader.
 *
 * <p>A picture of VP8 is equal to libwebp's bit for bit: prediction ({@code Vp8Predictor}), the
 * residuals of the transform ({@code Vp8Residuals}), the loop filter ({@code Vp8LoopFilter}), and
 * chroma upsampling with the conversion to RGB ({@code Vp8Colors}).
 *
 * <p>Not exported: {@link io.github.tornadovit.engine.image} is what users see.
 */
@NullMarked
package io.github.tornadovit.engine.image.webp;

import org.jspecify.annotations.NullMarked;
