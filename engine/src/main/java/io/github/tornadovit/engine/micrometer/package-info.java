/**
 * Metrics of a batching service for Micrometer, which an application brings along or does without:
 * nothing else in the engine touches it.
 */
@NullMarked
package io.github.tornadovit.engine.micrometer;

import org.jspecify.annotations.NullMarked;
