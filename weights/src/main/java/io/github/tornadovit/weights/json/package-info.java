/**
 * Strict reading of the JSON files of a checkpoint.
 *
 * <p>Jackson's parser with its limits set: one object per file, no duplicate keys, no comments, at
 * most {@link io.github.tornadovit.weights.json.JsonObject#MAX_BYTES} bytes, bounded depth. NaN and
 * Infinity, which Python writes, are let pass where no number is asked for. What a key holds is
 * asked for by type; an answer of another type is an error with the key, what was got and what was
 * expected.
 */
@NullMarked
package io.github.tornadovit.weights.json;

import org.jspecify.annotations.NullMarked;
