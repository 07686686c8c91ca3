/**
 * Strict reading of the JSON files of a checkpoint.
 *
 * <p>Jackson's parser with its limits set: one object per file, no duplicate keys, no NaN or
 * comments, at most {@link io.github.tornadovit.weights.json.JsonObject#MAX_BYTES} bytes, bounded
 * depth. What a key holds is asked for by type; an answer of another type is an error with the key,
 * what was got and what was expected.
 */
@NullMarked
package io.github.tornadovit.weights.json;

import org.jspecify.annotations.NullMarked;
