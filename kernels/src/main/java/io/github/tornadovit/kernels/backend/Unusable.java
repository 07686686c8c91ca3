package io.github.tornadovit.kernels.backend;

/**
 * The reason why a backend or a device cannot be used here.
 *
 * @param problem what is missing or wrong, a clause without a full stop
 * @param remedy what to do about it, a clause without a full stop
 */
public record Unusable(String problem, String remedy) {
  @Override
  public String toString() {
    return problem + "; " + remedy;
  }
}
