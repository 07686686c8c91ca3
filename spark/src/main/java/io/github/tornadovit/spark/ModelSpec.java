package io.github.tornadovit.spark;

import io.github.tornadovit.base.Precision;
import java.io.Serializable;

/**
 * Which model runs, and how: what the driver tells the executors.
 *
 * @param model as {@link ModelLocation} reads it
 * @param precision of the matrix products
 * @param batch images of a forward pass at most
 * @param imageSize side in pixels, 0 for the checkpoint's
 * @param device of TornadoVM, as {@code ModelOptions.withDevice} takes it; empty for the one that
 *     Spark gave the task, or else the engine's choice
 */
record ModelSpec(String model, Precision precision, int batch, int imageSize, String device)
    implements Serializable {}
