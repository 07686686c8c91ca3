package io.github.tornadovit.kernels.tornado;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * A context of kernels whose hash code is the same in every process. TornadoVM makes it a part of
 * the name of a kernel in PTX, so that with another one the driver, which keeps what it compiled
 * for later processes, would know no kernel again.
 */
final class FixedContext extends KernelContext {
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return 1;
  }
}
