/**
 * Evaluation on labelled images: the metrics of Hugging Face's Trainer, what they hide (classes,
 * confusions, single mistakes), and the forward pass on its own.
 */
@NullMarked
package io.github.tornadovit.engine.evaluation;

import org.jspecify.annotations.NullMarked;
