package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.kernels.program.Program;

/** The oracle of every test: scalar, sums in double, obviously right, never tuned. */
public final class ReferenceBackend implements Backend {

  /** Creates the backend. */
  public ReferenceBackend() {}

  @Override
  public DeviceInfo device() {
    return new DeviceInfo("reference", "scalar Java");
  }

  @Override
  public Plan plan(Program program, int maxBatch) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
