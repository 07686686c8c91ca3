package io.github.tornadovit.benchmarks.model;

import java.nio.file.Path;

/**
 * The settings of an engine.
 *
 * @param model what the engine reads: a checkpoint folder, or a file exported from it
 * @param threads that compute, the caller included
 * @param images the shape of one image
 * @param batch the most images of a forward pass
 * @param precision of the factors of matrix products: {@code f32}, {@code bf16}, {@code int8}
 */
public record EngineSetting(
    Path model, int threads, ImageShape images, int batch, String precision) {
  /** In float32. */
  public EngineSetting(Path model, int threads, ImageShape images, int batch) {
    this(model, threads, images, batch, "f32");
  }
}
