package io.github.tornadovit.kernels.backend;

import java.util.Locale;

/**
 * The backend that a user asks for. One that is named works or fails loudly; only AUTO may choose.
 */
public enum BackendChoice {
  /** The fastest that works here; which, and why, is in the selection. */
  AUTO,
  /** All cores: machine code, else the Vector API, else scalar Java. */
  CPU,
  /** Hand-written kernels on a GPU, or another accelerator, through TornadoVM. */
  TORNADO,
  /** Scalar Java with double sums: slow, the oracle of the tests. */
  REFERENCE;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
