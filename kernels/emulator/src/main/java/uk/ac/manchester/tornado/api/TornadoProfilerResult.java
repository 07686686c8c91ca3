package uk.ac.manchester.tornado.api;

import io.github.tornadovit.emulator.Profile;

/** Times in nanoseconds and sizes in bytes of one execution; zero unless the plan profiles. */
public class TornadoProfilerResult {
  private final Profile profile;

  TornadoProfilerResult(Profile profile) {
    this.profile = profile;
  }

  public long getTotalTime() {
    return profile.totalNanos();
  }

  public long getDeviceKernelTime() {
    return profile.kernelNanos();
  }

  public long getDeviceWriteTime() {
    return profile.copyInNanos();
  }

  public long getDeviceReadTime() {
    return profile.copyOutNanos();
  }

  public long getDataTransfersTime() {
    return getDeviceWriteTime() + getDeviceReadTime();
  }

  public long getTotalBytesCopyIn() {
    return profile.copyInBytes();
  }

  public long getTotalBytesCopyOut() {
    return profile.copyOutBytes();
  }

  /** JSON: per graph totals, and per task its kernel time; empty unless the plan profiles. */
  public String getProfileLog() {
    return profile.json();
  }
}
