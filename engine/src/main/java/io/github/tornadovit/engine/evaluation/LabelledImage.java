package io.github.tornadovit.engine.evaluation;

import java.nio.file.Path;

/**
 * An image and what it shows.
 *
 * @param file to be decoded; whether it can be shows then
 * @param label class id, as in the checkpoint's {@code id2label}
 */
public record LabelledImage(Path file, int label) {}
