package io.github.tornadovit.benchmarks.model;

/**
 * An engine with one image classifier loaded, from pixels to logits. For one thread at a time.
 *
 * <p>A measured pass begins with an array on the Java heap and ends with one, for every engine, so
 * what an engine copies in and out counts.
 */
public interface ForwardEngine extends AutoCloseable {

  /** The engine's name in a report. */
  String name();

  /** The version of what computes. */
  String version();

  /**
   * Runs one forward pass.
   *
   * @param pixels {@code [B, C, H, W]}, normalised
   * @param batch B
   * @return {@code [B, K]}, a new array
   */
  float[] logits(float[] pixels, int batch);

  /** Frees the model. */
  @Override
  void close();

  /** Opens an engine. */
  @FunctionalInterface
  interface Opener {
    /**
     * Loads a model.
     *
     * @param setting which, and how to run it
     * @throws Exception as the engine's library does
     */
    ForwardEngine open(EngineSetting setting) throws Exception;
  }
}
