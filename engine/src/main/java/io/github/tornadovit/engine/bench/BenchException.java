package io.github.tornadovit.engine.bench;

/** Nothing can be said of the speed: backends disagree, or nothing could be run. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param problem what is wrong, in one sentence
   */
  public BenchException(String problem) {
    super(problem);
  }
}
