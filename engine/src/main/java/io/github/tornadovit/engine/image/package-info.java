/**
 * From an image file to normalised pixel values, bit for bit as Pillow and transformers do it.
 *
 * <p>{@code image.codec} and {@code image.webp} hold the decoders; this package tells formats
 * apart, resizes, crops and normalises, walks over folders, and paints maps of attention.
 *
 * <p>A JPEG file, which is what cameras and phones make, is decoded, turned and resized row by row:
 * of a picture of 108 million pixels some megabytes are in memory at a time. Pictures of other
 * formats exist as a whole while they are decoded.
 *
 * <table>
 *   <caption>Formats, who decodes them, and how they compare with Pillow 12.3</caption>
 *   <tr><th>Format</th><th>Decoder</th><th>Pixels</th><th>Refused</th></tr>
 *   <tr><td>JPEG</td><td>JDK (samples), colours here</td><td>equal</td>
 *     <td>12 bits, lossless, arithmetic coding, 2 components</td></tr>
 *   <tr><td>PNG</td><td>JDK</td><td>equal</td><td></td></tr>
 *   <tr><td>GIF, first frame</td><td>JDK, canvas here</td><td>equal</td><td></td></tr>
 *   <tr><td>BMP</td><td>JDK</td><td>equal</td><td>JPEG or PNG inside</td></tr>
 *   <tr><td>WebP, lossy</td><td>{@code image.webp}</td>
 *     <td>equal to libwebp</td><td></td></tr>
 *   <tr><td>WebP, lossless</td><td>TwelveMonkeys</td>
 *     <td>equal but for single fully transparent pixels</td>
 *     <td>some of 16 colours or fewer, which that reader cannot decode</td></tr>
 *   <tr><td>TIFF, first page</td><td>TwelveMonkeys, colours here</td><td>equal</td>
 *     <td>LAB, LZMA, Zstandard, WebP inside</td></tr>
 *   <tr><td>PBM, PGM, PPM, gray PFM</td>
 *     <td>here</td><td>equal</td>
 *     <td>PAM, color PFM</td></tr>
 * </table>
 *
 * <p>AVIF and HEIC are named and not read: the one decoder of AVIF in Java alone is a few months
 * old and not on Maven Central, and there is none of HEIC.
 *
 * <p>A truncated file is an error, as in Pillow, unless nothing of the picture is missing. A
 * damaged one may decode to a damaged picture, as in Pillow.
 */
@NullMarked
package io.github.tornadovit.engine.image;

import org.jspecify.annotations.NullMarked;
