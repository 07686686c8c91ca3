/**
 * Reader of safetensors files.
 *
 * <table>
 * <caption>The format; integers are little-endian</caption>
 * <tr><th>bytes</th><th>content</th></tr>
 * <tr><td>0 to 8</td><td>n, length of the header in bytes, unsigned 64 bit</td></tr>
 * <tr><td>8 to 8 + n</td><td>header: a JSON object in UTF-8 that begins with <code>{</code>; spaces may
 *     follow it</td></tr>
 * <tr><td>8 + n to the end</td><td>data: the tensors, row-major, without gaps, in any order</td></tr>
 * </table>
 *
 * <p>The header maps each tensor's name to {@code {"dtype": "F32", "shape": [2, 3], "data_offsets":
 * [begin, end]}}, offsets in bytes from the start of the data, end exclusive. The optional key
 * {@code __metadata__} maps strings to strings.
 *
 * <p>Limits: header of 100,000,000 bytes (that of the reference implementation), 100,000 tensors,
 * rank 16, names of 1,024 characters. Refused: a header that leaves the file, is not UTF-8 or not
 * one JSON object; duplicate keys (the reference keeps the last; the format forbids them); leading
 * white space (the reference allows it; the format does not); unknown dtypes; a missing, negative
 * or fractional number; a size that overflows or is not shape times item size; gaps, overlaps, and
 * data before the first or after the last tensor. Accepted, as by the reference: no tensors at all,
 * scalars, empty tensors, extra fields of a tensor, any alignment, NaN and infinities.
 *
 * <p>{@link io.github.tornadovit.weights.safetensors.SafetensorsHeader} validates everything before
 * a tensor is made; no memory is allocated by a number of the file that was not checked against its
 * size.
 */
@NullMarked
package io.github.tornadovit.weights.safetensors;

import org.jspecify.annotations.NullMarked;
