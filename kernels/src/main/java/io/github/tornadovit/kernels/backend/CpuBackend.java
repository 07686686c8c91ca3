package io.github.tornadovit.kernels.backend;

import io.github.tornadovit.kernels.program.Program;

/** The Vector API on all cores. */
public final class CpuBackend implements Backend {

  /** Creates the backend. */
  public CpuBackend() {}

  @Override
  public DeviceInfo device() {
    return new DeviceInfo("cpu", "Vector API");
  }

  @Override
  public Plan plan(Program program, int maxBatch) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
