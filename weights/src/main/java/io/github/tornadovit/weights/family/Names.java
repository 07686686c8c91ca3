package io.github.tornadovit.weights.family;

import io.github.tornadovit.weights.configfile.ProcessorClass;

/**
 * The names of a family.
 *
 * @param title as papers and users call it
 * @param type {@code model_type}
 * @param classes the beginning of the names of transformers' classes, before the task
 * @param scope below which a classifier's encoder is; a base model's is not below any
 * @param processor the image processor, where no file names one
 */
record Names(String title, String type, String classes, String scope, ProcessorClass processor) {}
