package io.github.tornadovit.engine;

import io.github.tornadovit.kernels.backend.BackendException;
import org.jspecify.annotations.Nullable;

/**
 * Gives a device that failed one more try: opened anew, its kernels proven anew. One that fails
 * then too is given up, with its reason, since each try takes seconds and may leave memory behind.
 * For one thread at a time.
 */
final class DeviceTrust {
  private boolean shaken;
  private @Nullable BackendException givenUp;

  /**
   * Refuses to use a device that is given up.
   *
   * @throws BackendException with the failure that it was given up for
   */
  void require() {
    BackendException reason = givenUp;
    if (reason != null) {
      throw new BackendException(
          "tornado",
          "the device failed twice in a row and is given up, load the model again to use it; last: "
              + reason.getMessage(),
          reason);
    }
  }

  /** A pass came through. */
  <T> T passed(T answers) {
    shaken = false;
    return answers;
  }

  /**
   * Something failed on the device.
   *
   * @param broke whether a pass did; that a plan cannot be built, for want of memory, say, is told
   *     each time
   */
  void failed(BackendException failure, boolean broke) {
    if (shaken) {
      givenUp = failure;
    }
    shaken |= broke;
  }
}
